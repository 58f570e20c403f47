// What is new on a ticket, who else is there, and the seconds until a reply goes out.
import htmx from "htmx.org";

const IDLE_AFTER = 5 * 60 * 1000, IDLE_EVERY = 60, LOOK_EVERY = 10; // milliseconds, seconds, seconds

export function follow() {
  countdowns();
  if (!document.getElementById("desk_poll")) return;
  let touched = Date.now(), waited = 0, looked = LOOK_EVERY;
  for (const kind of ["pointermove", "keydown", "scroll"]) document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });

  const poll = () => document.getElementById("desk_poll");
  const isIdle = () => Date.now() - touched > IDLE_AFTER && poll().dataset.steady === undefined; // a page on the wall never is
  const every = () => (isIdle() ? IDLE_EVERY : Number(poll().dataset.poll));
  setInterval(() => {
    if (document.hidden) return;
    if (++looked >= LOOK_EVERY) { looked = 0; look(poll().dataset.look); }
    if (++waited >= every()) { waited = 0; htmx.trigger(poll(), "desk:poll"); }
  }, 1000);

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const slower = event.detail.xhr?.getResponseHeader("X-Poll-After");
    if (slower && poll()) poll().dataset.poll = slower;
  });
}

function look(url) {
  const form = document.getElementById("desk_composer");
  if (!form || !url) return;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const isReply = form.elements.kind.value === "reply";
  data.set("writing", isReply && form.elements.body.value.trim() && form.contains(document.activeElement) ? "1" : "0");
  fetch(url, { method: "POST", body: data }).catch(() => {});
}

// What is counted is the time until a moment, not the ticks: those of a page in the background come late.
function countdowns() {
  setInterval(() => {
    for (const one of document.querySelectorAll("[data-countdown]")) {
      one.dataset.ends ??= Date.now() + Number(one.dataset.countdown) * 1000;
      show(one, Math.ceil((Number(one.dataset.ends) - Date.now()) / 1000));
    }
  }, 1000);
}

function show(one, left) {
  if (left > 0) {
    const number = one.querySelector("[data-left]") ?? one.querySelector("b");
    if (number) number.textContent = left;
    const bar = one.querySelector("progress");
    if (bar) bar.value = left;
    return;
  }
  one.removeAttribute("data-countdown");
  one.textContent = one.dataset.sent;
  htmx.trigger(one, "desk:over");
}
