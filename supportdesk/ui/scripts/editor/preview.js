// The text as its readers will see it, drawn by the server and shown in a frame in which no script runs.

export function preview(desk) {
  const box = desk.root.querySelector("[data-preview]"), part = (name) => box.querySelector(`[data-${name}]`);
  const frame = part("frame"), shown = { width: 390, direction: "", theme: "light" };
  let round = 0, drawn = "";

  box.hidden = false;
  box.open = getComputedStyle(box.parentElement).gridTemplateColumns.includes(" "); // there is room beside the text
  box.addEventListener("toggle", () => { if (box.open) look(); });
  box.addEventListener("click", (event) => press(event.target.closest("button")));
  frame.addEventListener("load", settle);
  new ResizeObserver(fit).observe(part("screen"));
  const later = desk.afterPause(look);
  ["text_title", "text_summary", "kind"].forEach((name) => {
    const field = desk.form.elements.namedItem(name);
    if (field) field.addEventListener("input", later);
  });
  look();

  function press(button) {
    if (!button) return;
    const { width, direction, line } = button.dataset;
    if (line) { desk.goTo(Number(line)); return; }
    if (width) shown.width = Number(width);
    if (direction) shown.direction = shown.direction ? "" : direction;
    if ("dark" in button.dataset) shown.theme = shown.theme === "dark" ? "light" : "dark";
    mark();
    settle();
    if (direction || "refresh" in button.dataset) look();
  }

  function mark() {
    box.querySelectorAll("[data-width]").forEach((b) => b.setAttribute("aria-pressed", String(Number(b.dataset.width) === shown.width)));
    part("dark").setAttribute("aria-pressed", String(shown.theme === "dark"));
    part("direction").setAttribute("aria-pressed", String(Boolean(shown.direction)));
  }

  async function look() {
    if (!box.open) return;
    const own = ++round, value = (name) => desk.value(name);
    const fields = { title: value("text_title"), summary: value("text_summary"), kind: value("kind"), article: key(), direction: shown.direction };
    try {
      const answer = await desk.post(desk.root.dataset.try, fields);
      if (own === round) show(answer);
    } catch (error) {
      if (own === round) list([{ line: 0, message: error.message }]);
    }
  }

  // The key of the article that is edited, as its address says it.
  function key() {
    const match = /\/article\/(\d+)\/change\//.exec(location.pathname);
    return match ? match[1] : "";
  }

  function show({ page, notices }) {
    list(notices);
    if (page === undefined || page === drawn) return;
    drawn = page;
    const fresh = new DOMParser().parseFromString(page, "text/html"), old = frame.contentDocument;
    const sheet = (doc) => { const link = doc && doc.querySelector("link"); return link ? link.getAttribute("href") : null; };
    if (sheet(old) !== sheet(fresh)) { frame.srcdoc = page; return; }
    const top = old.documentElement.scrollTop;
    old.documentElement.lang = fresh.documentElement.lang;
    old.documentElement.dir = fresh.documentElement.dir;
    old.body.replaceWith(old.adoptNode(fresh.body));
    settle();
    old.documentElement.scrollTop = top;
  }

  function list(notices) {
    const row = box.querySelector("template[data-notice]").content;
    part("found").hidden = !notices.length;
    part("notices").replaceChildren(...notices.map(({ line, message }) => {
      const item = row.cloneNode(true).firstElementChild, button = item.querySelector("button");
      button.hidden = !line;
      button.dataset.line = line || "";
      button.textContent = `${button.dataset.word} ${line}`;
      item.querySelector("[data-message]").textContent = message;
      return item;
    }));
  }

  // After each drawing: the theme, the width, and links that do not lead the frame away.
  function settle() {
    const doc = frame.contentDocument;
    if (!doc || !doc.body) return;
    doc.documentElement.dataset.bsTheme = shown.theme;
    doc.removeEventListener("click", follow);
    doc.addEventListener("click", follow);
    fit();
  }

  function follow(event) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    const href = link.getAttribute("href");
    const target = href.startsWith("#") && frame.contentDocument.getElementById(href.slice(1));
    if (target) target.scrollIntoView();
    else if (!href.startsWith("#")) window.open(link.href, "_blank", "noopener");
  }

  // The frame has the width of the device; what does not fit is shown smaller.
  function fit() {
    const screen = part("screen"), scale = Math.min(1, screen.clientWidth / shown.width);
    frame.style.width = `${shown.width}px`;
    frame.style.height = `${screen.clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
    screen.dataset.device = shown.width < 600 ? "phone" : "desktop";
  }
}
