// The box to write in: macros, articles and colleagues put where the cursor is; Ctrl+Enter sends.
import htmx from "htmx.org";

const field = () => document.getElementById("desk_body");
const areas = () => [field(), document.getElementById("desk_note_body")];

export function insert(text, area = field()) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function pick(name) {
  const link = document.querySelector(`[data-picker="${name}"]`);
  const dialog = document.getElementById("desk_dialog");
  if (!link || !dialog) return;
  dialog.showModal();
  htmx.ajax("GET", link.href, { target: "#desk_choice", swap: "innerHTML" }).then(() => dialog.querySelector("input")?.focus());
}

async function useMacro(link) {
  const answer = await fetch(link.dataset.macro);
  if (!answer.ok) { location.href = link.href; return; }
  const found = await answer.json();
  const form = document.getElementById("desk_composer");
  insert(found.text);
  form.elements.macro.value = found.macro;
  const button = found.then && form.querySelector(`.pop [value="${found.then}"]`);
  const send = form.querySelector(".for-reply [data-send]");
  if (button) { send.value = found.then; send.textContent = button.textContent; }
  document.getElementById("desk_hint").textContent = found.hint;
}

function choose(event) {
  const link = event.target.closest("[data-macro], [data-insert]");
  if (link && field()) {
    event.preventDefault();
    document.getElementById("desk_dialog").close();
    if (link.dataset.macro) useMacro(link);
    else insert(link.dataset.insert);
  }
  const opener = event.target.closest("[data-picker]");
  if (opener && field()) { event.preventDefault(); pick(opener.dataset.picker); }
}

// Colleagues: after "@" in the box, and in fields that take one.
function begun(area) {
  const match = /(?:^|\s)@([^\s@]{1,30}(?: [^\s@]{0,30})?)$/.exec(area.value.slice(0, area.selectionStart));
  return match ? match[1] : "";
}

function mentions(area) {
  const list = document.getElementById("desk_people");
  let shown = "", asking = null; // the name that the list answers, and what is being asked
  const taken = { from: -1, name: "" }; // the name that was chosen last, and where it stands
  const called = () => {
    const name = begun(area), from = area.selectionStart - name.length;
    return from === taken.from && name.startsWith(taken.name) ? "" : name;
  };
  const show = (words, name) => { list.innerHTML = words; shown = name; };
  area.addEventListener("input", async () => {
    const name = called();
    asking?.abort();
    if (!name) { show("", ""); return; }
    asking = new AbortController();
    const found = await suggestions(`${area.dataset.peopleUrl}?q=${encodeURIComponent(name)}`, asking.signal);
    if (found !== null && name === called()) show(found, name);
  });
  // Enter takes the first, the arrow goes on to the others; both do what they always do where the list does not answer
  // what stands in the box now, and Enter also where a name stands there in full.
  area.addEventListener("keydown", (event) => {
    const first = list.querySelector("[data-person]"), name = called();
    if (!first || !name || name !== shown) return;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter" && !isInFull(name, list)) first.click();
    else if (event.key === "ArrowDown") first.focus();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-person]");
    if (!button) return;
    const from = area.selectionStart - begun(area).length;
    Object.assign(taken, { from, name: `${button.dataset.person} ` });
    area.setSelectionRange(from, area.selectionStart);
    insert(taken.name, area);
  });
}

async function suggestions(address, signal) {
  try {
    const answer = await fetch(address, { signal });
    return answer.ok && !answer.redirected ? await answer.text() : "";
  } catch { return null; } // another letter was faster, or the network is away
}

function isInFull(name, list) {
  const plain = (text) => text.trim().toLowerCase();
  return [...list.querySelectorAll("[data-person]")].some((one) => plain(one.dataset.person) === plain(name));
}

function people(input) {
  const list = document.createElement("div");
  list.className = "suggest-of";
  input.after(list);
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => htmx.ajax("GET", `/desk/people/?q=${encodeURIComponent(input.value)}`, { target: list, swap: "innerHTML" }), 200);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-person]");
    if (!button) return;
    input.value = button.dataset.person;
    list.replaceChildren();
    input.focus();
  });
}

// What the server does not have yet stays in this tab: a page that is loaded anew, a connection that was lost and a
// session that has ended take nothing away. What was sent is let go of when the page that says so has come.
const SENT = "desk:sent";
const hold = (key, value) => {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch { /* private window: the server's draft alone */ }
};
const held = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };

function letGo() {
  if (!document.querySelector(".said, #desk_problem, .ended") && !location.hash.startsWith("#m")) return;
  for (const key of (held(SENT) ?? "").split("\n").filter(Boolean)) hold(key, null);
  hold(SENT, null);
}

function holdHere(area) {
  const place = location.pathname.replace(/write\/$/, ""), key = `desk:${area.form.dataset.person}:${place}:${area.name}`;
  let known = area.defaultValue, asked = ""; // what the server has, and what it is being asked to keep
  const keep = () => hold(key, area.value.trim() ? JSON.stringify([known.trim(), area.value]) : null);
  bringBack(area, held(key));
  area.addEventListener("input", keep);
  area.addEventListener("htmx:beforeRequest", () => { asked = area.value; });
  area.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    known = asked;
    if (area.value === known) hold(key, null);
    else keep();
  });
  area.form.addEventListener("submit", () => {
    keep();
    hold(SENT, `${held(SENT) ?? ""}${key}\n`);
  });
}

// Where the server has the text that was gone on from, what was typed takes its place; anything else stays above it.
function bringBack(area, found) {
  if (!found) return;
  const [base, typed] = JSON.parse(found), has = area.value.trim();
  if (has.includes(typed.trim())) return;
  area.value = has === base || !has ? typed : `${has}\n\n${typed}`;
  area.form.querySelector(`[name=kind][value=${area.name === "body" ? "reply" : "note"}]`).checked = true;
}

// What stands in a box that the server did not put there was brought back, or typed before this script had come.
function keepEarlier(area) {
  if (area.value !== area.defaultValue) area.dispatchEvent(new Event("input", { bubbles: true }));
}

// What was typed in the last moments before a window is left is kept as well.
function keepLast(area) {
  let isSending = false;
  area.form.addEventListener("submit", () => { isSending = true; });
  window.addEventListener("pagehide", () => {
    if (isSending || area.value === area.defaultValue) return;
    const form = area.form.elements, data = new FormData(), share = area.name.replace("body", "share");
    data.set("csrfmiddlewaretoken", form.csrfmiddlewaretoken.value);
    data.set("kind", share === "share" ? "reply" : "note");
    data.set(area.name, area.value);
    if (form[share].checked) data.set(share, "on");
    navigator.sendBeacon(area.getAttribute("hx-post"), data);
  });
}

// An office program copies a picture of its words beside them: the words are meant. A file's name is none.
function holdsWords(data) {
  const names = [...(data?.files ?? [])].map((file) => file.name);
  const lines = data?.getData("text/plain").split(/[\r\n]+/) ?? [];
  return lines.some((line) => line.trim() && !names.includes(line.trim()));
}

// Files are on their way as soon as they are chosen, dropped or pasted, and wait beside the box. The browser's own words
// for what was chosen do not speak the desk's language, so the names stand in their place until then.
function files(form) {
  const inputOf = (target) => document.getElementById(`desk_${target.name?.replace("body", "files")}`);
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    event.target.nextElementSibling.textContent = [...event.target.files].map((file) => file.name).join(", ");
  });
  const take = (event, found) => {
    const input = found?.files.length && inputOf(event.target);
    if (!input) return;
    event.preventDefault();
    input.files = found.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  form.addEventListener("paste", (event) => {
    if (event.target.type === "file" || !holdsWords(event.clipboardData)) take(event, event.clipboardData);
  });
  form.addEventListener("drop", (event) => take(event, event.dataTransfer));
  form.addEventListener("submit", (event) => {
    if (!form.querySelector(".chosen .htmx-request")) return;
    event.preventDefault();
    if (form.dataset.waits) return;
    form.dataset.waits = "1";
    // Only the end of the upload sends it, and only where it has arrived: whoever goes on writing sends again.
    const go = ({ detail }) => {
      if (!/files$|^drop$/.test(detail.requestConfig?.elt.name ?? "")) return;
      document.body.removeEventListener("htmx:afterRequest", go);
      delete form.dataset.waits;
      if (detail.successful) setTimeout(() => form.requestSubmit(event.submitter));
    };
    document.body.addEventListener("htmx:afterRequest", go);
  });
}

// What was refused is in the box again, and so is whoever goes on typing: outside of it letters are shortcuts. The
// address of the page must not aim at the form then: a browser takes the focus away when it scrolls there.
function goOnTyping(form) {
  form.action = form.action.split("#")[0];
  if (document.getElementById("desk_problem")) toTheEnd();
  // What was taken back, a macro and a draft are in the box for somebody who goes on with them.
  else if (location.hash === "#desk_composer") window.addEventListener("load", () => setTimeout(toTheEnd));
}

function toTheEnd() {
  const area = areas().find((one) => one.offsetParent !== null);
  area?.focus();
  area?.setSelectionRange(area.value.length, area.value.length);
}

export function box() {
  letGo();
  document.querySelectorAll("[data-people]").forEach(people);
  const area = field();
  if (!area) return;
  document.addEventListener("click", choose);
  mentions(document.getElementById("desk_note_body"));
  files(area.form);
  areas().forEach(holdHere);
  areas().forEach(keepLast);
  areas().forEach(keepEarlier);
  goOnTyping(area.form);
  // Enter on a choice would press the first button of the form, which may be the cross of a file.
  area.form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && /^(radio|checkbox)$/.test(event.target.type)) event.preventDefault();
  });
  area.form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.tagName !== "TEXTAREA") return;
    event.preventDefault();
    const buttons = [...area.form.querySelectorAll("[data-send]")];
    buttons.find((button) => button.offsetParent !== null)?.click();
  });
}
