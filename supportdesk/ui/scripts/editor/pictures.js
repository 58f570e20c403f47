// Screenshots: pasted, dropped or chosen; described in a dialog, sent, and put into the text where the caret was.

export function takePictures(desk) {
  if (!desk.root.dataset.pictures) return undefined;
  const dialog = desk.dialog("picture"), part = (name) => dialog.querySelector(`[data-${name}]`);
  const waiting = [];
  let file = null, at = null, request = null;

  desk.root.querySelector("[data-drop]").hidden = false;
  // What brings words with it is pasted as words: office programs add a picture of them.
  desk.field.addEventListener("paste", (event) => {
    if (event.clipboardData && event.clipboardData.types.includes("text/plain")) event.stopPropagation();
  });
  desk.root.addEventListener("file-attachment-accepted", (event) => {
    waiting.push(...event.detail.attachments.map((attachment) => attachment.file));
    if (!dialog.open) next();
  });
  part("file").addEventListener("change", () => choose(part("file").files[0]));
  dialog.addEventListener("close", () => {
    if (request) request.abort();
    desk.field.focus();
    next();
  });
  part("form").addEventListener("submit", (event) => { event.preventDefault(); send(); });

  function next() { if (waiting.length) open(waiting.shift()); }

  function open(given) {
    at = desk.selected;
    part("form").reset();
    part("error").textContent = "";
    part("chosen").hidden = Boolean(given);
    choose(given || null);
    dialog.showModal();
    (given ? part("description") : part("file")).focus();
  }

  function choose(given) {
    file = given || null;
    part("shown").hidden = true;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => { part("image").src = reader.result; part("shown").hidden = false; });
    if (file.size < 16e6 && file.type.startsWith("image/")) reader.readAsDataURL(file);
  }

  function send() {
    const description = part("description").value.trim();
    if (!file || !description) return refuse(part("error").dataset.missing);
    const body = new FormData();
    body.set("file", file);
    body.set("description", description);
    body.set("name", part("name").value);
    body.set("language", desk.language);
    request = new XMLHttpRequest();
    request.open("POST", desk.root.dataset.pictures);
    request.setRequestHeader("X-CSRFToken", desk.token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { part("progress").value = event.loaded / event.total; });
    request.addEventListener("loadend", finish);
    busy(true);
    request.send(body);
    return undefined;
  }

  function finish() {
    const { status, response } = request;
    request = null;
    busy(false);
    if (!dialog.open) return;
    if (status !== 201) { refuse((response && response.error) || desk.root.dataset.failed); return; }
    dialog.close();
    desk.insertBlock(response.markdown, at);
    desk.say(response.message);
  }

  function busy(is) {
    part("progress").hidden = !is;
    part("progress").value = 0;
    part("send").disabled = is;
    if (is) part("error").textContent = "";
  }

  function refuse(words) { part("error").textContent = words; }

  return () => open(null);
}
