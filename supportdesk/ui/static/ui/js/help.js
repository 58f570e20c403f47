/* Enhancement only: every page reads and every form posts without this file. */
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  function store(kind, key, value) {
    try {
      if (value === undefined) return kind.getItem(key);
      kind.setItem(key, value);
    } catch (refused) { return null; }
  }
  function all(selector, act) { Array.prototype.forEach.call(doc.querySelectorAll(selector), act); }

  /* A form that did not arrive, as its session had ended: the draft of this tab stays. */
  if (doc.querySelector("[data-not-sent]")) try { sessionStorage.removeItem("draft-sent"); } catch (refused) { /* none is kept */ }

  /* Theme: the reader's choice stays in this browser. */
  function isDark() {
    var chosen = root.getAttribute("data-bs-theme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  doc.addEventListener("click", function (event) {
    if (event.target.closest(".theme")) {
      var theme = isDark() ? "light" : "dark";
      root.setAttribute("data-bs-theme", theme);
      store(localStorage, "theme", theme);
    }
    all("details.menu[open]", function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* The language links keep the place on the page. */
  function keepPlace() {
    all("[data-languages] a", function (link) { link.hash = location.hash; });
  }
  addEventListener("hashchange", keepPlace);
  keepPlace();

  /* A new account takes the browser's time zone along; a summary of errors is read first. */
  all("[data-zone]", function (field) { field.value = (window.Intl && Intl.DateTimeFormat().resolvedOptions().timeZone) || ""; });
  all("[data-own-zone]", function (list) {
    var own = (window.Intl && Intl.DateTimeFormat().resolvedOptions().timeZone) || "";
    var isListed = [].some.call(list.options, function (one) { return one.value === own; });
    if (own === list.value || !isListed && (" " + list.dataset.otherZones + " ").indexOf(" " + own + " ") < 0) return;
    var city = own.split("/").pop().replace(/_/g, " ");
    var offer = doc.createElement("button");
    offer.type = "button";
    offer.className = "btn btn-quiet";
    offer.textContent = list.dataset.ownZone.replace("%(zone)s", city);
    offer.addEventListener("click", function () { if (!isListed) list.add(new Option(city, own)); list.value = own; offer.remove(); list.focus(); });
    list.after(offer);
  });
  all("[data-error-summary]", function (summary) { summary.focus(); });

  /* Pages are the same for everyone: whoever is signed in (a cookie says so, and nothing more) gets their name. */
  var account = doc.querySelector("[data-account]");
  if (account && window.fetch && /(^|; )signed_in=1/.test(doc.cookie)) {
    fetch(account.dataset.account)
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) {
        var own = new DOMParser().parseFromString(text, "text/html").querySelector("a");
        if (own) all("[data-account]", function (link) { link.setAttribute("href", own.getAttribute("href")); link.textContent = own.textContent; });
      })
      .catch(function () {});
  }

  /* A dismissed band stays away for this session. */
  all(".band[data-band]", function (band) {
    var key = "band-" + band.dataset.band;
    if (store(sessionStorage, key)) band.hidden = true;
    var button = band.querySelector("button");
    if (button) button.addEventListener("click", function () { band.hidden = true; store(sessionStorage, key, "1"); });
  });

  /* "/" and Ctrl-K lead to the search; Escape closes what is open. */
  var input = doc.getElementById("page_q"), list = doc.getElementById("page_suggestions");
  doc.addEventListener("keydown", function (event) {
    var typing = /INPUT|TEXTAREA|SELECT/.test(doc.activeElement.tagName);
    var asked = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
    if (input && asked) { event.preventDefault(); input.focus(); input.select(); }
    if (event.key === "Escape") all("details.menu[open]", function (menu) { menu.open = false; menu.firstElementChild.focus(); });
  });

  /* Suggestions: an ARIA combobox; the oldest request is dropped when a newer one starts. */
  function suggest() {
    var url = input.dataset.suggest, timer, request, active = -1;
    var cjk = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
    function close() { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
    function option(item, index) {
      var row = doc.createElement("li");
      row.setAttribute("role", "option");
      row.id = "page_suggestion_" + index;
      row.setAttribute("aria-selected", "false");
      row.dataset.url = item.url;
      row.textContent = item.title;
      if (item.language) row.lang = item.language;
      if (item.category) { var small = doc.createElement("small"); small.textContent = item.category; row.appendChild(small); }
      return row;
    }
    function draw(items) {
      close();
      list.textContent = "";
      items.forEach(function (item, index) { list.appendChild(option(item, index)); });
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!!items.length));
    }
    function ask() {
      var text = input.value.trim();
      if (request) request.abort();
      if (text.length < (cjk.test(text) ? 2 : 3)) return close();
      request = new AbortController();
      fetch(url + "?q=" + encodeURIComponent(text), { signal: request.signal, credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.json() : { results: [] }; })
        .then(function (answer) { if (input.value.trim() === text && doc.activeElement === input) draw(answer.results); })
        .catch(function () {});
    }
    function move(step) {
      var rows = list.children;
      if (active >= 0) rows[active].setAttribute("aria-selected", "false");
      active = (active + step + rows.length + (active < 0 && step < 0 ? 1 : 0)) % rows.length;
      rows[active].setAttribute("aria-selected", "true");
      rows[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", rows[active].id);
    }
    input.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 150); });
    input.addEventListener("keydown", function (event) {
      if (list.hidden || event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
      else if (event.key === "Enter" && active >= 0) { event.preventDefault(); location.href = list.children[active].dataset.url; }
    });
    list.addEventListener("mousedown", function (event) {
      var row = event.target.closest("[role=option]");
      if (row) { event.preventDefault(); location.href = row.dataset.url; }
    });
    input.addEventListener("blur", close);
  }
  if (input && list && input.dataset.suggest && window.fetch) suggest();

  /* The part that is being read, in the table of contents. */
  var links = {};
  all(".toc-d a", function (link) { links[link.hash.slice(1)] = link; });
  if (Object.keys(links).length && window.IntersectionObserver) {
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        all(".toc-d [aria-current]", function (link) { link.removeAttribute("aria-current"); });
        links[entry.target.id].setAttribute("aria-current", "true");
      });
    }, { rootMargin: "-15% 0px -70% 0px" });
    Object.keys(links).forEach(function (id) { var part = doc.getElementById(id); if (part) watcher.observe(part); });
  }

  /* Feedback without leaving the page. */
  all("[data-feedback] form", function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var body = new URLSearchParams(new FormData(form));
      if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
      fetch(form.action, { method: "POST", body: body, headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.json(); })
        .then(function (answer) {
          var line = form.closest("[data-feedback]").querySelector("[data-answer]");
          line.textContent = answer.message;
          line.classList.remove("visually-hidden");
          if (answer.ok) all("[data-feedback] form, [data-feedback] details, [data-feedback] h2", function (part) { part.hidden = true; });
          line.tabIndex = -1;
          line.focus();
        })
        .catch(function () { form.submit(); });
    });
  });

  /* What was searched and read in this session: it counts reads, and may go with a request for support. */
  var journey = JSON.parse(store(sessionStorage, "journey") || "[]");
  /* Of a troubleshooter each node counts once in a session, and so does the first answer from it. */
  function walk(page, read) {
    if (!page.node) return true;
    var key = "walk-" + page.article, seen = JSON.parse(store(sessionStorage, key) || "[]"), left = page.before + ">";
    if (seen.indexOf(page.node) >= 0) return false;
    var goesOn = seen.indexOf(page.before) >= 0 && seen.indexOf(left) < 0;
    read.set("node", page.node);
    if (seen.length) read.set("before", goesOn ? page.before : "-");
    store(sessionStorage, key, JSON.stringify(seen.concat(page.node, goesOn ? left : [])));
    return true;
  }
  var article = doc.querySelector("[data-article]"), results = doc.querySelector("[data-query]");
  journey.push({ path: location.pathname, query: results ? results.dataset.query : undefined });
  store(sessionStorage, "journey", JSON.stringify(journey.slice(-10)));
  if (results) store(sessionStorage, "query", results.dataset.token);
  if (article && navigator.sendBeacon) {
    var read = new URLSearchParams({ stamp: article.dataset.stamp, query: store(sessionStorage, "query") || "" });
    if (walk(article.dataset, read)) navigator.sendBeacon(article.dataset.beacon, read);
    store(sessionStorage, "query", "");
  }

  /* What changed since the last visit: when an article was read stays in this browser, for the last hundred. */
  function tellChanges(slug, updated) {
    var reads = JSON.parse(store(localStorage, "reads") || "{}"), last = reads[slug];
    if (last < updated) {
      fetch(article.dataset.changes + "?since=" + new Date(last * 1000).toISOString().slice(0, 19) + "Z")
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (text) { return new DOMParser().parseFromString(text, "text/html").body.firstElementChild; })
        .then(function (notice) { if (notice) article.querySelector(".meta").after(document.importNode(notice, true)); })
        .catch(function () {});
    }
    delete reads[slug];
    reads[slug] = Math.max(updated, Math.floor(Date.now() / 1000));
    Object.keys(reads).slice(0, -100).forEach(function (oldest) { delete reads[oldest]; });
    store(localStorage, "reads", JSON.stringify(reads));
  }
  try {
    if (article && article.dataset.updated && window.fetch) tellChanges(article.dataset.article, +article.dataset.updated);
  } catch (broken) { store(localStorage, "reads", "{}"); }
})();
