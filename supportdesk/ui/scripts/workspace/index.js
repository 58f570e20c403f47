// The desk: htmx for the parts that are fetched, and what needs a hand of its own: the keyboard, the box, the clock of
// a reply that is held, and asking for what is new. Every page works without it. It holds no words.
import htmx from "htmx.org";
import { follow } from "./following.js";
import { arrows, keys } from "./keys.js";
import { box } from "./box.js";

window.htmx = htmx;

function theme() {
  const root = document.documentElement;
  document.querySelector(".theme")?.addEventListener("click", () => {
    const own = root.dataset.bsTheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const next = own === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    try { localStorage.theme = next; } catch { /* private window: for this page alone */ }
  });
}

// One menu at a time; Escape closes it.
function menus() {
  const close = (but) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== but) menu.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// The box above the list chooses every ticket of the page; it follows what is chosen one by one.
function choosing() {
  const all = document.querySelector("[data-choose-all]");
  if (!all) return;
  const boxes = [...document.querySelectorAll('[data-rows] [name="ticket"]')];
  const follow = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", follow);
  follow();
}

document.addEventListener("DOMContentLoaded", () => {
  theme();
  menus();
  choosing();
  box();
  follow();
  keys();
  arrows();
  const flow = document.getElementById("desk_flow");
  const aim = location.hash.startsWith("#m") && document.getElementById(location.hash.slice(1));
  if (aim) aim.scrollIntoView({ block: "nearest" });
  else if (flow) flow.scrollTop = flow.scrollHeight;
});
