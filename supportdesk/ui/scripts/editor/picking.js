// Pickers: a dialog with a search box and what it finds, after the pattern of a combobox with a list.

const WAIT = 150; // milliseconds after a key before anything is asked

function make(tag, words, fields = {}) {
  const element = Object.assign(document.createElement(tag), fields);
  element.textContent = words;
  return element;
}

class Picker {
  // `search(query, signal)` gives rows, `draw(row)` the nodes of one, `choose(row)` takes it; false keeps it open.
  constructor(desk, name, { search, draw, choose }) {
    this.desk = desk;
    this.dialog = desk.dialog(name);
    this.input = this.dialog.querySelector("[data-query]");
    this.list = this.dialog.querySelector("[data-found]");
    this.none = this.dialog.querySelector("[data-none]");
    this.own = { search, draw, choose };
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.take([...this.list.children].indexOf(row));
    });
    this.dialog.addEventListener("close", () => this.back());
  }

  open() {
    this.at = this.desk.selected;
    this.input.value = "";
    this.dialog.showModal();
    this.input.focus();
    this.find();
  }

  back() {
    if (this.request) this.request.abort();
    if (this.isTaken) { this.isTaken = false; return; }
    this.desk.field.focus();
    this.desk.field.setSelectionRange(this.at.start, this.at.end);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), WAIT);
  }

  find() {
    clearTimeout(this.timer);
    this.timer = null;
    this.finding = this.fetch();
    return this.finding;
  }

  async fetch() {
    if (this.request) this.request.abort();
    const request = this.request = new AbortController();
    try {
      const rows = await this.own.search(this.input.value.trim(), request.signal);
      if (!request.signal.aborted) this.show(rows);
    } catch (error) {
      if (!request.signal.aborted) this.show([], error.message);
    }
  }

  show(rows, words = rows.length ? "" : this.none.dataset.word) {
    this.rows = rows;
    this.none.textContent = words;
    this.list.replaceChildren(...rows.map((row, number) => {
      const item = make("li", "", { id: `${this.list.id}_${number}` });
      item.setAttribute("role", "option");
      item.append(...this.own.draw(row));
      return item;
    }));
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
    this.mark(rows.length ? 0 : -1);
  }

  mark(number) {
    this.marked = number;
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === number)));
    const item = this.list.children[number];
    if (item) item.scrollIntoView({ block: "nearest" });
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], { length } = this.rows || [];
    if (step && length) this.mark((this.marked + step + length) % length);
    if (event.key === "Enter") this.enter();
    if (event.key === "Escape") this.dialog.close(); // at once: a search box would only be emptied
    if (step || event.key === "Enter" || event.key === "Escape") event.preventDefault();
  }

  // Who types fast means what is found for the last letter, not what the list still shows.
  async enter() {
    await (this.timer ? this.find() : this.finding);
    this.take(this.marked);
  }

  async take(number) {
    const row = this.rows && this.rows[number];
    if (!row || this.isBusy) return;
    this.isBusy = true;
    const text = await Promise.resolve(this.own.choose(row)).catch((error) => { this.show([], error.message); });
    this.isBusy = false;
    if (!text) return;
    this.isTaken = true;
    this.dialog.close();
    this.desk.replace(this.at.start, this.at.end, text);
  }
}

export function pickFacts(desk) {
  const picker = new Picker(desk, "fact", {
    search: (q, signal) => desk.ask(desk.root.dataset.facts, { q }, signal),
    draw: (row) => [make("code", row.title, { dir: "ltr" }), make("b", row.today), make("small", `${row.name} · ${row.note}`)],
    choose: (row) => `{fact:${row.value}}`,
  });
  return () => picker.open();
}

export function pickLinks(desk) {
  let article = null, parts = [];
  const picker = new Picker(desk, "link", { search, draw, choose });
  const heading = picker.dialog.querySelector("[data-heading]"), asked = picker.dialog.querySelector("[data-asked]");
  const [title, question] = [heading.textContent, asked.textContent];

  function search(q, signal) {
    if (article) return Promise.resolve(parts.filter((part) => part.title.toLowerCase().includes(q.toLowerCase())));
    if (/^(https?:\/\/|mailto:)\S+$/.test(q)) return Promise.resolve([{ value: q, title: q, note: picker.none.dataset.away }]);
    return desk.ask(desk.root.dataset.links, { q }, signal);
  }

  function draw(row) {
    const slug = row.slug ? [make("code", row.slug, { dir: "ltr" })] : [];
    return [make("b", row.title, { lang: row.lang || "", dir: row.dir || "auto" }), ...slug, make("small", row.note || "")];
  }

  async function choose(row) {
    if (row.slug && !article) {
      const found = await desk.ask(desk.root.dataset.links, { article: row.slug });
      if (found.length) return narrow(row, found);
    }
    const words = picker.at.text || row.words || row.title;
    return `[${/^\s*!?\[/.test(words) ? words : words.replace(/([\\[\]])/g, "\\$1")}](${row.value})`;
  }

  // The article is chosen: now the whole of it, or one of its parts.
  function narrow(row, found) {
    article = row;
    parts = [{ value: row.value, title: picker.none.dataset.whole, words: row.title }, ...found];
    heading.textContent = row.title;
    asked.textContent = asked.dataset.other;
    picker.input.value = "";
    picker.input.focus();
    picker.show(parts);
    return "";
  }

  return () => {
    article = null;
    heading.textContent = title;
    asked.textContent = question;
    picker.open();
  };
}
