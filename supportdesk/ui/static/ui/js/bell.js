// Asks once a minute whether the bell has something new; 204 means that it has not. Whoever wishes it hears a sound or
// has a message of the browser, also while another window is in front. Windows of all others ask only while they are seen.
(function () {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const wishes = Boolean(bell.dataset.sound || bell.dataset.window);
  const shown = () => bell.querySelector("details");
  let prefix = "";

  function count() {
    const title = document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title;
    const unread = bell.querySelector(".sd-count");
    prefix = unread ? `(${unread.textContent}) ` : "";
    document.title = prefix + title;
  }

  // What was told already, in whichever window; null where this browser has told nothing yet.
  const key = `bell-${bell.dataset.person}`;
  function told() {
    try { return localStorage.getItem(key); } catch { return null; }
  }
  function remember(number) {
    try { localStorage.setItem(key, number); } catch { /* then each window tells for itself */ }
  }

  function message(line) {
    try {
      const about = { body: line.querySelector("[data-sentence]").textContent, tag: "notices", lang: document.documentElement.lang };
      new Notification(bell.dataset.window, about).onclick = () => { window.focus(); location.href = line.href; };
    } catch { /* some phones show none from a page */ }
  }

  function tell() {
    const newest = Number(shown().dataset.version.split("-")[0]), before = told();
    if (!wishes || (before !== null && newest <= Number(before))) return;
    remember(newest);
    const line = bell.querySelector(".sd-notice.new");
    if (before === null || !line) return;
    if (bell.dataset.sound) new Audio(bell.dataset.sound).play().catch(() => { /* nothing was clicked yet */ });
    if (bell.dataset.window && window.Notification?.permission === "granted") message(line);
  }

  async function look() {
    if ((document.hidden && !wishes) || shown().open) return;
    try {
      const since = encodeURIComponent(shown().dataset.version);
      const answer = await fetch(`${bell.dataset.bell}?since=${since}`, { redirect: "error" });
      if (answer.status !== 200) return;
      bell.innerHTML = await answer.text();
      count();
      tell();
    } catch { /* no connection, or signed out meanwhile: the bell stays as it is */ }
  }

  count();
  tell();
  setInterval(look, 60000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown().open && bell.contains(document.activeElement)) {
      shown().open = false;
      shown().querySelector("summary").focus();
    }
  });
})();
