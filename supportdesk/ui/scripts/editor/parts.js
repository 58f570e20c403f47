// The list of steps and sections. A move is done by the server, which knows where a part ends; what it answers is put
// into the field, where it can be undone.
import Sortable from "sortablejs/modular/sortable.core.esm.js";

export function arrange(desk) {
  const box = desk.root.querySelector("[data-list]"), part = (name) => box.querySelector(`[data-${name}]`);
  const row = box.querySelector("template[data-row]").content;
  let found = [], sortables = [], round = 0, isDragged = false;

  box.hidden = false;
  part("rows").addEventListener("click", (event) => {
    const item = event.target.closest("li"), button = event.target.closest("button");
    if (!button) return;
    const own = found[item.dataset.index];
    if ("go" in button.dataset) desk.goTo(own.line);
    if ("up" in button.dataset) move(own.index, own.place - 1, "up");
    if ("down" in button.dataset) move(own.index, own.place + 1, "down");
  });
  part("add").addEventListener("click", add);
  part("title").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // it would save the whole form
    add();
  });
  desk.afterPause(read);
  read();

  async function change(fields) {
    const asked = desk.field.value, own = ++round;
    try {
      const answer = await desk.post(desk.root.dataset.parts, fields);
      if (own !== round || desk.field.value !== asked) return null; // somebody went on typing
      if (answer.text !== undefined) desk.rewrite(answer.text);
      draw(answer.parts);
      if (answer.message) part("told").textContent = answer.message;
      return answer;
    } catch (error) {
      draw(found);
      part("told").textContent = error.message;
      return null;
    }
  }

  async function read() { if (!isDragged) await change({}); }

  async function move(index, place, way) {
    const answer = await change({ index, place });
    if (!answer || !way) return;
    const item = part("rows").querySelector(`li[data-index="${answer.index}"]`);
    const [same, other] = [way, way === "up" ? "down" : "up"].map((name) => item.querySelector(`[data-${name}]`));
    (same.disabled ? other : same).focus();
  }

  async function add() {
    const answer = await change({ title: part("title").value });
    if (!answer) { part("title").focus(); return; }
    part("title").value = "";
    desk.goTo(answer.parts[answer.index].line);
  }

  function draw(parts) {
    found = parts;
    part("count").textContent = parts.length || "";
    const lists = new Map([[-1, part("rows")]]);
    part("rows").replaceChildren();
    parts.forEach((own) => {
      const item = line(own);
      if (!lists.has(own.parent)) lists.set(own.parent, below(own.parent));
      lists.get(own.parent).append(item);
    });
    sortables.forEach((old) => old.destroy()); // the outermost list stays, and would be sorted by two
    sortables = [...lists.values()].map(sortable);
  }

  function below(parent) {
    const list = document.createElement("ol");
    part("rows").querySelector(`li[data-index="${parent}"]`).append(list);
    return list;
  }

  function line(own) {
    const item = row.cloneNode(true).firstElementChild, piece = (name) => item.querySelector(`[data-${name}]`);
    item.dataset.index = own.index;
    piece("go").textContent = own.title || "–";
    piece("go").dir = "auto";
    piece("kind").hidden = !own.step;
    piece("grip").hidden = own.siblings < 2;
    [["up", own.place === 0], ["down", own.place === own.siblings - 1]].forEach(([name, isOff]) => {
      piece(name).disabled = isOff;
      piece(name).hidden = own.siblings < 2;
      piece(name).setAttribute("aria-label", `${piece(name).dataset.word}: ${own.title}`);
    });
    return item;
  }

  function sortable(list) {
    return Sortable.create(list, {
      handle: "[data-grip]",
      draggable: "li",
      forceFallback: true, // no drag of the browser's own: it would drop the words of the row into the text
      fallbackOnBody: true,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onStart: () => { round++; isDragged = true; }, // what is asked meanwhile must not draw the list anew
      onEnd: (event) => {
        isDragged = false;
        const own = found[event.item.dataset.index];
        const place = own.place + event.newDraggableIndex - event.oldDraggableIndex;
        if (place !== own.place) move(own.index, place);
        else read();
      },
    });
  }

  return {
    begin: () => {
      box.open = true;
      part("title").focus();
    },
  };
}
