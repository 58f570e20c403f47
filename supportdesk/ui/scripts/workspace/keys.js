// Shortcuts of one letter. They rest while somebody types, with a modifier key held, and where they are switched off.
import { pick } from "./box.js";

const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

export function keys() {
  const isOn = document.body.dataset.keys !== "off";
  document.addEventListener("keydown", (event) => {
    const typing = isTyping(event.target);
    if (event.key === "Escape" && typing && !event.target.closest("dialog")) { event.target.blur(); return; }
    if (!isOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (typing) { inBox(event); return; }
    const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : ""];
    if (act && act(event) !== false) event.preventDefault();
  });
}

// "/" and "[" at the beginning of a line of the box choose a macro or an article.
function inBox(event) {
  const area = event.target;
  if (area.id !== "desk_body" || !["/", "["].includes(event.key)) return;
  const before = area.value.slice(0, area.selectionStart);
  if (before && !before.endsWith("\n")) return;
  event.preventDefault();
  pick(event.key === "/" ? "macros" : "articles");
}

const rows = () => [...document.querySelectorAll("[data-rows] > .trow > a")];

// In the queue the cursor moves over the rows; beside a conversation the next one opens.
function step(by) {
  const all = rows();
  if (!all.length) return false;
  const open = all.findIndex((row) => row.getAttribute("aria-current") === "true");
  const at = open >= 0 ? open : all.findIndex((row) => row.parentElement.contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return true;
  if (open >= 0 || document.querySelector(".m-thread")) next.click();
  else { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  return true;
}

// In the queue the ticket under the cursor is chosen, or let go of again.
function choose() {
  const box = document.activeElement.closest(".trow")?.querySelector("[name=ticket]");
  if (!box) return false;
  box.click();
  return true;
}

// Each kind has a box of its own: what was begun in the other one stays there.
function write(kind) {
  const form = document.getElementById("desk_composer");
  if (!form) return false;
  form.querySelector(`[name=kind][value=${kind}]`).checked = true;
  form.elements[kind === "note" ? "note_body" : "body"].focus();
  return true;
}

function press(key) {
  const button = document.querySelector(`[data-key="${key}"]`);
  if (!button) return false;
  button.click();
  return true;
}

// What else can be done with the ticket: the first of it under the cursor, the arrows go on from there. In the queue:
// what is done with those that are chosen.
function acts() {
  const menu = document.querySelector("[data-acts]");
  const several = document.querySelector("#desk_bulk select");
  if (!menu && !several) return false;
  if (!menu) { several.focus(); return true; }
  menu.open = true;
  menu.querySelector(".pop :is(a, button)").focus();
  return true;
}

// In an open menu and in a list to choose from, the arrows go from one entry to the next; from the line that narrows a
// list the first one leads into it. In the fields of a menu they do what they always do: a value is chosen with them.
export function arrows() {
  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const around = by && event.target.closest("details.menu[open], #desk_choice");
    if (!around || (around.id !== "desk_choice" && event.target.matches("input, select, textarea"))) return;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = [...around.querySelectorAll(".pop :is(a, button), .pick-list :is(a, button)")].filter((one) => one.offsetParent);
    const next = all[all.indexOf(event.target) + by] ?? (by < 0 ? around.querySelector("summary, input") : null);
    event.preventDefault();
    next?.focus();
  });
}

// With an answer in the box it goes along; a note that was begun is not thrown away.
function solve() {
  const form = document.getElementById("desk_composer");
  if (form?.elements.note_body.value.trim()) return write("note");
  if (!form || !form.elements.body.value.trim()) return press("e");
  write("reply");
  form.elements.go_on.value = "1";
  form.querySelector(".pop [value=solved]").click();
  return true;
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => write("reply"),
  n: () => write("note"),
  a: () => press("a"),
  m: acts,
  x: choose,
  e: solve,
  "/": () => { document.querySelector("[data-find]")?.focus(); },
  "[": () => { if (!write("reply")) return false; pick("articles"); return true; },
  "?": () => { document.getElementById("desk_keys")?.showModal(); },
};
