// The article form: says that its window is still there, and keeps what is typed as a private draft. Without it the
// lock runs out by itself, and nothing is kept before it is saved.
document.addEventListener("DOMContentLoaded", () => {
  const desk = document.getElementById("sd-desk");
  const form = document.getElementById("article_form");
  const text = form && form.elements.text_body;
  if (!desk || !text) return;

  const HEARTBEAT = 60000, PAUSE = 2000, BETWEEN = 10000; // milliseconds
  const FIELDS = ["csrfmiddlewaretoken", "text_title", "text_summary", "text_body", "text_questions", "note", "seen"];
  let timer = 0, beats = 0, keptAt = 0, isDirty = false, isLeaving = false;

  const typed = () => {
    const data = new FormData();
    for (const name of FIELDS) if (form.elements[name]) data.set(name, form.elements[name].value);
    return data;
  };
  const say = (message, isBad) => {
    desk.textContent = message;
    desk.classList.toggle("bad", Boolean(isBad));
  };
  const send = async (url, data) => {
    try {
      const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (answer.ok || answer.status === 409 || answer.status === 422) return [answer.ok, (await answer.json()).message];
    } catch { /* told below */ }
    return [false, desk.dataset.unreachable];
  };

  const keep = async () => {
    isDirty = false;
    keptAt = Date.now();
    const [isKept, message] = await send(desk.dataset.draft, typed());
    if (!isKept) isDirty = true;
    say(message, !isKept);
  };
  form.addEventListener("input", () => {
    if (!beats) { hold(); beat(); }
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(PAUSE, keptAt + BETWEEN - Date.now()));
  });

  const hold = async () => {
    if (!desk.dataset.lock) return;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const [isHeld, message] = await send(desk.dataset.lock, data);
    if (!isHeld && message) say(message, true);
  };
  const beat = () => { beats = setInterval(hold, HEARTBEAT); };
  if (!("waits" in desk.dataset)) beat(); // a text in review is taken by typing, not by looking

  form.addEventListener("submit", () => { isLeaving = true; });
  window.addEventListener("pagehide", () => {
    if (isLeaving) return;
    if (isDirty) navigator.sendBeacon(desk.dataset.draft, typed());
    if (!desk.dataset.lock) return;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("_release", "1");
    navigator.sendBeacon(desk.dataset.lock, data);
  });
});
