// The toolbar: one stop of the Tab key, arrows inside; keys for what is used most.

const isMac = /Mac|iPhone|iPad/.test(navigator.platform); // where Ctrl+B and Ctrl+K move the caret and cut lines

// The Latin letter of a key, also where the keyboard writes another script.
function letter(event) {
  return /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();
}

export function equip(desk, acts) {
  const bar = desk.root.querySelector("markdown-toolbar");
  bar.hidden = false;
  acts = { ...acts, italic: () => surround(desk, "*") };
  desk.root.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]");
    const callout = event.target.closest("[data-callout]");
    if (act && acts[act.dataset.act]) acts[act.dataset.act]();
    if (callout) callOut(desk, callout.dataset.callout);
  });
  rove(bar);
  desk.field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.shiftKey || !(isMac ? event.metaKey : event.ctrlKey)) return;
    const key = { b: "[data-md-button=bold]", i: "[data-act=italic]", k: "[data-act=link]" }[letter(event)];
    if (!key) return;
    event.preventDefault();
    bar.querySelector(key).click();
  });
}

function rove(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const stand = (on) => buttons.forEach((button) => { button.tabIndex = button === on ? 0 : -1; });
  stand(buttons[0]);
  bar.addEventListener("focusin", (event) => { if (buttons.includes(event.target)) stand(event.target); });
  bar.addEventListener("keydown", (event) => {
    const ahead = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = ahead === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const at = buttons.indexOf(document.activeElement), last = buttons.length - 1;
    const to = { [ahead]: at === last ? 0 : at + 1, [back]: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[to].focus();
  });
}

// Marks around the selection, or off it where they are there already.
function surround(desk, mark) {
  const { start, end, text } = desk.selected, { value } = desk.field, size = mark.length;
  const isMarked = value.slice(start - size, start) === mark && value.slice(end, end + size) === mark &&
    value[start - size - 1] !== mark && value[end + size] !== mark;
  if (isMarked) desk.replace(start - size, end + size, text, [start - size, end - size]);
  else desk.replace(start, end, mark + text + mark, [start + size, end + size]);
}

function callOut(desk, kind) {
  const { text } = desk.selected, head = `:::${kind}\n`;
  desk.insertBlock(`${head}${text}\n:::`, undefined, [head.length, head.length + text.length]);
}
