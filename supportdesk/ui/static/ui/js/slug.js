// The article form: an address made of the English title while nobody has typed one, and what is wrong with one at
// once. Without it the server makes the address when the form is saved, and refuses one that is taken.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("input[data-address]");
  const title = document.getElementById("id_text_title");
  const language = document.getElementById("id_text_language");
  if (!field || !title || field.disabled) return;

  const PAUSE = 350; // milliseconds
  const told = Object.assign(document.createElement("p"), { id: "id_slug_told", className: "sd-status" });
  told.setAttribute("role", "status");
  field.after(told);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} id_slug_told`.trim());
  let isOwn = Boolean(field.value), timer = 0, last = 0;

  const ask = async (question) => {
    const number = ++last;
    const query = new URLSearchParams({ ...question, article: field.dataset.article });
    try {
      const answer = await fetch(`${field.dataset.address}?${query}`, { headers: { Accept: "application/json" } });
      return answer.ok && number === last ? await answer.json() : null;
    } catch { return null; } // the server checks again when the form is saved
  };
  const say = (message, isRefused) => {
    told.textContent = message;
    told.classList.toggle("bad", isRefused);
    field.setAttribute("aria-invalid", String(isRefused));
  };
  const propose = async () => {
    const found = await ask({ title: title.value });
    if (found && found.slug !== undefined && !isOwn) { field.value = found.slug; say("", false); }
  };
  const check = async () => {
    if (!field.value) { isOwn = false; say("", false); return; }
    const found = await ask({ slug: field.value });
    if (found) say(found.message, found.is_refused);
  };
  const later = (act) => { clearTimeout(timer); timer = setTimeout(act, PAUSE); };

  field.addEventListener("input", () => { isOwn = true; later(check); });
  title.addEventListener("input", () => {
    if (!isOwn && (!language || language.value === field.dataset.spoken)) later(propose);
  });
  if (!isOwn && title.value && (!language || language.value === field.dataset.spoken)) propose();
});
