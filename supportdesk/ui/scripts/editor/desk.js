// What all tools share: the field, its form, where to ask, and how a text is changed so that it can be undone.

const PAUSE = 900; // milliseconds without a key before anything is asked

export class Desk {
  constructor(root) {
    this.root = root;
    this.field = root.querySelector("textarea.sd-body");
    this.form = this.field.form;
    this.composing = false;
    this.field.addEventListener("compositionstart", () => { this.composing = true; });
    this.field.addEventListener("compositionend", () => { this.composing = false; });
    const dialogs = root.querySelector("template[data-dialogs]").content.cloneNode(true);
    document.body.append(dialogs); // outside of the form: nothing in them is saved with it
  }

  dialog(name) {
    const dialog = document.querySelector(`dialog[data-dialog="${name}"]`);
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    return dialog;
  }

  get language() { return this.value("text_language") || "en"; }

  // The value of another field of the form, empty where there is none.
  value(name) {
    const field = this.form.elements.namedItem(name);
    return field ? field.value : "";
  }

  get token() { return this.value("csrfmiddlewaretoken"); }

  // Calls `act` when nobody has typed for a moment, never in the middle of a composition.
  afterPause(act) {
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => (this.composing ? wait() : act()), PAUSE);
    };
    this.field.addEventListener("input", wait);
    return wait;
  }

  async ask(address, query, signal) {
    const answer = await fetch(`${address}?${new URLSearchParams({ language: this.language, ...query })}`, { signal });
    if (!answer.ok) throw new Error(this.root.dataset.failed);
    return (await answer.json()).results;
  }

  // The answer to a post; an Error has a sentence for the person who asked.
  async post(address, fields) {
    const body = new FormData();
    Object.entries({ language: this.language, body: this.field.value, ...fields }).forEach(([k, v]) => body.set(k, v));
    const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": this.token } })
      .catch(() => { throw new Error(this.root.dataset.failed); });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.error || this.root.dataset.failed);
    return found;
  }

  say(words) { this.root.querySelector("[data-status]").textContent = words; }

  // Put `text` in place of a range, as if it had been typed: the browser's own undo takes it back.
  replace(start, end, text, select = [start + text.length, start + text.length]) {
    const { field } = this;
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    const done = document.execCommand(text ? "insertText" : "delete", false, text);
    if (!done && (text || end > start)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    field.setSelectionRange(...select);
  }

  get selected() {
    const { selectionStart: start, selectionEnd: end, value } = this.field;
    return { start, end, text: value.slice(start, end) };
  }

  // Put another text in place of the whole one, touching only what differs.
  rewrite(text) {
    const old = this.field.value;
    const [x, y] = [window.scrollX, window.scrollY];
    let start = 0, tail = 0;
    while (start < old.length && old[start] === text[start]) start++;
    const most = Math.min(old.length, text.length) - start;
    while (tail < most && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
    if (isHalf(old, start)) start--;
    if (isHalf(old, old.length - tail)) tail--;
    this.replace(start, old.length - tail, text.slice(start, text.length - tail), [start, start]);
    window.scrollTo(x, y);
  }

  // Put lines on their own, with an empty line above and below.
  insertBlock(text, at = this.selected, select = null) {
    const { value } = this.field;
    const above = value.slice(0, at.start), below = value.slice(at.end);
    const head = !above || above.endsWith("\n\n") ? "" : above.endsWith("\n") ? "\n" : "\n\n";
    const foot = !below ? "\n" : below.startsWith("\n\n") ? "" : below.startsWith("\n") ? "\n" : "\n\n";
    const from = at.start + head.length;
    this.replace(at.start, at.end, head + text + foot, select ? select.map((n) => from + n) : undefined);
  }

  // Show a line (counted from one) and put the caret there.
  goTo(line) {
    const lines = this.field.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    this.field.setSelectionRange(start, start);
    this.field.blur(); // a browser shows the caret of a field that takes the focus
    this.field.focus();
    this.field.setSelectionRange(start, start + (lines[line - 1] || "").length);
  }
}

// Whether a place lies inside a character that is written as two.
function isHalf(text, place) {
  return place > 0 && place < text.length && /[\uD800-\uDBFF]/.test(text[place - 1]) && /[\uDC00-\uDFFF]/.test(text[place]);
}
