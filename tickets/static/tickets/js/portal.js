/* Enhancement only: every page of the portal reads and every form posts without this file. */
(function () {
  "use strict";
  var doc = document;
  function all(selector, act, within) { Array.prototype.forEach.call((within || doc).querySelectorAll(selector), act); }
  function store(key, value) {
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      if (value === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, value);
    } catch (refused) { return null; }
  }
  function token(form) { return form.querySelector("[name=csrfmiddlewaretoken]").value; }
  function parsed(html) { return new DOMParser().parseFromString(html, "text/html").body; }
  function make(name, text) { var node = doc.createElement(name); if (text) node.textContent = text; return node; }

  /* The way here goes along with the form, and nowhere else. */
  all("[data-journey]", function (field) {
    if (field.value) return;
    try {
      field.value = JSON.parse(store("journey") || "[]").map(function (step) { return step.query ? step.path + "?" + step.query : step.path; }).join(" > ").slice(-480);
    } catch (broken) { field.value = ""; }
  });

  /* The clock of whoever has not told us theirs. */
  all("[data-offset]", function (select) {
    var mine = String(-new Date().getTimezoneOffset());
    if (select.value === "0" && select.querySelector('option[value="' + mine + '"]') && doc.querySelector("[data-zone]")) select.value = mine;
  });

  /* A draft stays in this tab until it has arrived. The words go along when somebody turns to another topic. */
  all("[data-arrived]", function () {
    var sent = store("draft-sent");
    if (sent) { sent.split(" ").concat("draft-sent").forEach(function (key) { store(key, null); }); }
  });
  all("form[data-draft]", function (form) {
    var own = "draft-" + form.dataset.draft, shared = form.hasAttribute("data-request") ? "draft-words" : own;
    var fields = form.querySelectorAll("textarea, select, input.form-control:not([type=email]):not([autocomplete=name])");
    var hasErrors = doc.querySelector("[data-error-summary]");
    function place(field) { return /^(subject|body)$/.test(field.name) ? shared : own; }
    function kept(key) { try { return JSON.parse(store(key) || "{}"); } catch (broken) { return {}; } }
    function isChosen(field) { return field.tagName !== "SELECT" || !field.options[field.selectedIndex].defaultSelected; }
    function has(field, value) { return field.tagName !== "SELECT" || Array.prototype.some.call(field.options, function (one) { return one.value === value; }); }
    Array.prototype.forEach.call(fields, function (field) {
      var said = kept(place(field))[field.name];
      if (!hasErrors && said && has(field, said) && !(field.value && isChosen(field))) field.value = said;
    });
    form.addEventListener("input", function () {
      var now = {};
      now[own] = {}; now[shared] = now[shared] || {};
      Array.prototype.forEach.call(fields, function (field) { if (field.value && isChosen(field)) now[place(field)][field.name] = field.value; });
      Object.keys(now).forEach(function (key) { store(key, JSON.stringify(now[key])); });
    });
    form.addEventListener("formdata", function () { store("draft-sent", own + " " + shared); }); /* it is on its way: not where files hold it up */
  });

  /* Articles that may answer, when the typing pauses. */
  all("[data-suggestions]", function (box) {
    var form = doc.querySelector("form[data-request]"), timer, request, last = "";
    /* On a phone they stand before what follows the text: whoever is there already does not lose it from sight. */
    function stay(change) {
      var held = doc.activeElement, follows = held && box.compareDocumentPosition(held) & Node.DOCUMENT_POSITION_FOLLOWING;
      var before = follows && held.getBoundingClientRect().top;
      change();
      if (follows) requestAnimationFrame(function () { window.scrollBy(0, held.getBoundingClientRect().top - before); });
    }
    function ask() {
      var words = (form.elements.subject.value + " " + form.elements.body.value).trim().slice(0, 180);
      if (words.length < 4 || words === last) return;
      last = words;
      if (request) request.abort();
      request = new AbortController();
      fetch(box.dataset.suggestions + "?topic=" + encodeURIComponent(box.dataset.topic) + "&article=" + encodeURIComponent(box.dataset.but || "") + "&q=" + encodeURIComponent(words), { signal: request.signal })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) {
          var found = parsed(html);
          if (!found.querySelector("li")) return;
          stay(function () {
            box.replaceChildren.apply(box, Array.prototype.slice.call(found.childNodes));
            box.hidden = false;
          });
        })
        .catch(function () {});
    }
    if (form && form.elements.subject && window.fetch) form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 700); });
  });

  /* Files: one after the other, each with its progress; they are in our store before the form is sent. */
  all("[data-files]", function (area) {
    var form = area.closest("form"), input = area.querySelector("input[type=file]"), list = area.querySelector("[data-list]");
    var drop = area.querySelector("[data-drop]"), queue = [], busy = false, waits = false;
    if (!window.FormData || !window.XMLHttpRequest) return;
    function size(bytes) {
      var units = ["byte", "kilobyte", "megabyte"], step = 0;
      while (bytes >= 1000 && step < 2) { bytes /= 1000; step += 1; }
      try { return new Intl.NumberFormat(doc.documentElement.lang, { style: "unit", unit: units[step], maximumFractionDigits: 1 }).format(bytes); }
      catch (unknown) { return Math.round(bytes) + " " + ["B", "KB", "MB"][step]; }
    }
    function count() { return list.querySelectorAll("li:not(.failed)").length; }
    function remove(row, id) {
      if (id) {
        var body = new FormData();
        body.set("remove", id);
        body.set("csrfmiddlewaretoken", token(form));
        fetch(area.dataset.uploads, { method: "POST", body: body }).catch(function () {});
      }
      row.remove();
      input.focus();
    }
    function button(row, id) {
      var one = make("button", area.dataset.remove);
      one.type = "button";
      one.setAttribute("aria-label", area.dataset.remove + ": " + row.querySelector("bdi").textContent);
      one.addEventListener("click", function () { remove(row, id); });
      return one;
    }
    function fail(row, words) {
      row.classList.add("failed");
      all("progress", function (bar) { bar.remove(); }, row);
      var line = make("p", words || area.dataset.failed);
      line.className = "err-msg";
      row.append(button(row), line);
    }
    function done(row, answer) {
      var field = make("input");
      field.type = "hidden"; field.name = "uploads"; field.value = answer.id;
      row.querySelector("bdi").textContent = answer.name;
      row.querySelector(".num").textContent = size(answer.size);
      all("progress", function (bar) { bar.remove(); }, row);
      row.append(field, button(row, answer.id));
    }
    function next() {
      var job = queue.shift();
      busy = !!job;
      if (!job) return;
      var body = new FormData(), request = new XMLHttpRequest(), bar = job.row.querySelector("progress");
      body.set("file", job.file);
      body.set("csrfmiddlewaretoken", token(form));
      request.upload.addEventListener("progress", function (event) { if (event.lengthComputable) bar.value = event.loaded / event.total; });
      request.addEventListener("loadend", function () {
        var answer = {};
        try { answer = JSON.parse(request.responseText); } catch (broken) { answer = {}; }
        if (request.status === 201) done(job.row, answer); else fail(job.row, answer.message);
        next();
      });
      request.open("POST", area.dataset.uploads);
      request.send(body);
    }
    function take(files) {
      Array.prototype.forEach.call(files, function (file) {
        var row = make("li"), number = make("span", size(file.size)), bar = make("progress");
        row.className = "file"; number.className = "num mute";
        bar.max = 1; bar.value = 0; bar.setAttribute("aria-label", area.dataset.sending + ": " + file.name);
        row.append(make("bdi", file.name), number);
        list.append(row);
        if (file.size > +area.dataset.largest) return fail(row, area.dataset.tooLarge);
        if (count() > +area.dataset.most) return fail(row, area.dataset.tooMany);
        row.append(bar);
        queue.push({ file: file, row: row });
      });
      if (!busy) next();
    }
    input.addEventListener("change", function () { take(input.files); input.value = ""; });
    /* An office program copies a picture of its words beside them: in a field the words are meant. A file's name is none. */
    function holdsWords(data, target) {
      var names = Array.prototype.map.call(data.files, function (file) { return file.name; });
      return target.closest("textarea, input:not([type=file], [type=checkbox], [type=radio], [type=submit])") && data.getData("text/plain").split(/[\r\n]+/).some(function (line) { return line.trim() && names.indexOf(line.trim()) < 0; });
    }
    doc.addEventListener("paste", function (event) {
      var data = event.clipboardData;
      if (!data || !data.files.length || holdsWords(data, event.target)) return;
      event.preventDefault();
      take(data.files);
    });
    /* Dropped beside the field: the browser would open the file and leave the form. */
    ["dragover", "drop"].forEach(function (kind) {
      doc.addEventListener(kind, function (event) {
        if (event.defaultPrevented || !event.dataTransfer || Array.prototype.indexOf.call(event.dataTransfer.types, "Files") < 0) return;
        event.preventDefault();
        if (kind === "drop") take(event.dataTransfer.files);
      });
    });
    ["dragover", "dragleave", "drop"].forEach(function (kind) {
      drop.addEventListener(kind, function (event) { event.preventDefault(); drop.classList.toggle("over", kind === "dragover"); if (kind === "drop") take(event.dataTransfer.files); });
    });
    /* Sent while files are on their way: they arrive first. One that fails meanwhile is shown, and nothing goes without it unseen. */
    form.addEventListener("submit", function (event) {
      if (!busy) return;
      event.preventDefault();
      if (waits) return;
      waits = true;
      var failed = list.querySelectorAll(".failed").length;
      setTimeout(function again() {
        if (busy) return setTimeout(again, 200);
        waits = false;
        var lost = list.querySelectorAll(".failed");
        if (lost.length > failed) { lost[lost.length - 1].querySelector("button").focus(); return; }
        form.requestSubmit(event.submitter);
      }, 200);
    });
  });

  /* What comes while the page is open: every 20 seconds, every minute after five idle ones, never in a hidden tab. */
  all("[data-updates]", function (entries) {
    var touched = Date.now(), timer;
    if (!window.fetch) return;
    ["keydown", "pointerdown", "scroll"].forEach(function (kind) { addEventListener(kind, function () { touched = Date.now(); }, { passive: true }); });
    function later(seconds) { clearTimeout(timer); timer = setTimeout(look, 1000 * (seconds || (Date.now() - touched > 300000 ? 60 : 20))); }
    function draw(html) {
      var fresh = parsed(html), head = doc.querySelector("[data-head]");
      if (fresh.querySelector("[data-head]")) head.replaceWith(fresh.querySelector("[data-head]"));
      all("[data-new] > *", function (entry) { if (!entry.id || !doc.getElementById(entry.id)) entries.append(entry); }, fresh);
    }
    function look() {
      if (doc.hidden) return;
      fetch(entries.dataset.updates + "?since=" + entries.dataset.version)
        .then(function (answer) {
          if (answer.status === 200) return answer.text().then(function (html) { draw(html); entries.dataset.version = answer.headers.get("X-Version"); return answer; });
          return answer;
        })
        .then(function (answer) { if (answer.status < 400) later(+answer.headers.get("X-Poll-After")); })
        .catch(function () { later(60); });
    }
    doc.addEventListener("visibilitychange", function () { if (!doc.hidden) look(); });
    later();
  });
})();
