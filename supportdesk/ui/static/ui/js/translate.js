/* The translation screen. Enhancement only: every field, check and button that stores something works without it. */
(function () {
  "use strict";
  var doc = document, sheet = doc.getElementById("sheet");
  if (!sheet) return;
  function each(selector, act) { Array.prototype.forEach.call(sheet.querySelectorAll(selector), act); }
  function row(node) { return node.closest(".tr-row"); }
  function field(node) { return row(node).querySelector("textarea"); }
  function changed(input) { input.dispatchEvent(new Event("input", { bubbles: true })); }

  each("[data-script]", function (node) { node.hidden = false; });

  /* Put text where the caret is; an empty field takes all of it. */
  function insert(input, text) {
    input.focus();
    input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
    changed(input);
  }

  /* A wrong figure is replaced where the field has it just once. */
  function once(target, text) { return text !== "" && target.value.split(text).length === 2; }
  each("button[data-replace]", function (button) {
    button.hidden = !row(button) || !once(field(button), button.dataset.replace);
  });

  sheet.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-use], button[data-copy], button[data-replace]");
    if (!button) return;
    var target = field(button);
    if (button.hasAttribute("data-replace")) {
      if (once(target, button.dataset.replace)) {
        target.value = target.value.split(button.dataset.replace).join(button.dataset.with);
        changed(target);
      }
      button.hidden = true;
      target.focus();
    } else if (button.hasAttribute("data-copy")) {
      target.value = button.parentNode.querySelector("template").content.textContent;
      target.focus();
      changed(target);
    } else insert(target, button.parentNode.querySelector("[data-text]").textContent);
  });

  /* Who changes a part that is out of date brings it up to date, unless they say otherwise. */
  sheet.addEventListener("input", function (event) {
    if (event.target.type === "checkbox") { event.target.dataset.chosen = "1"; return; }
    if (!event.target.name || !row(event.target)) return;
    var box = row(event.target).querySelector("input[name=confirmed]");
    if (box && !box.dataset.chosen) box.checked = true;
  });

  /* Alt+Down: the next part that has changed. Alt+G: the next word of the glossary that the part lacks. */
  function nextOpen() {
    var rows = Array.prototype.slice.call(sheet.querySelectorAll("[data-open]"));
    var here = doc.activeElement && row(doc.activeElement);
    var after = rows.filter(function (one) {
      return here && (here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    });
    var next = after[0] || rows[0];
    if (next) {
      next.querySelector("textarea").focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
    }
  }
  function nextWord(input) {
    var words = Array.prototype.slice.call(row(input).querySelectorAll("[data-term]"));
    var lacking = words.filter(function (word) { return input.value.indexOf(word.dataset.term) < 0; });
    if (lacking[0]) insert(input, lacking[0].dataset.term);
  }
  doc.addEventListener("keydown", function (event) {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") { event.preventDefault(); nextOpen(); }
    var input = doc.activeElement;
    if (event.code === "KeyG" && input && input.tagName === "TEXTAREA" && row(input)) {
      event.preventDefault();
      nextWord(input);
    }
  });

  /* What is typed and not saved stays in this browser. */
  var key = "translation." + sheet.dataset.draft, seen = sheet.elements.seen, waiting = 0, leaving = false;
  function stored(value) {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(key) || "null");
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch (refused) { return null; }
    return null;
  }
  function fields() { return sheet.querySelectorAll(".tr-target textarea, .tr-target input[type=text][name^='heading:']"); }
  function typed() {
    var found = {};
    Array.prototype.forEach.call(fields(), function (input) {
      if (input.value !== input.defaultValue) found[input.name] = input.value;
    });
    return found;
  }
  function keep() {
    var found = typed();
    stored(Object.keys(found).length ? { seen: seen.value, fields: found } : null);
  }
  function folded(text) { return text.replace(/\s+/g, " ").trim(); }
  function restore() {
    var kept = stored(), count = 0;
    if (!kept) return;
    Array.prototype.forEach.call(fields(), function (input) {
      var text = kept.fields[input.name];
      if (typeof text === "string" && folded(text) !== folded(input.value)) {
        input.value = text;
        changed(input);
        count += 1;
      }
    });
    if (!count) { stored(null); return; }
    /* Somebody may have saved since: the server then shows both texts. */
    seen.value = kept.seen;
    tell();
  }
  function tell() {
    var note = doc.createElement("p"), button = doc.createElement("button");
    note.className = "tr-note";
    note.setAttribute("role", "status");
    note.textContent = sheet.dataset.kept + " ";
    button.type = "button";
    button.className = "button tr-quiet";
    button.textContent = sheet.dataset.drop;
    button.addEventListener("click", function () {
      Array.prototype.forEach.call(fields(), function (input) { input.value = input.defaultValue; });
      each("input[name=confirmed]", function (box) { box.checked = box.defaultChecked; });
      seen.value = seen.defaultValue;
      stored(null);
      note.remove();
    });
    note.appendChild(button);
    sheet.parentNode.insertBefore(note, sheet);
  }
  if (sheet.dataset.fresh === undefined) restore();
  sheet.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(keep, 600); });
  sheet.addEventListener("submit", function () { leaving = true; keep(); });
  addEventListener("pagehide", function () { if (!leaving) keep(); });
})();
