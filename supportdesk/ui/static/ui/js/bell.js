// Asks once a minute whether the bell has something new, while the window is seen; 204 means that it has not.
(function () {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const shown = () => bell.querySelector("details");
  async function look() {
    if (document.hidden || shown().open) return;
    try {
      const since = encodeURIComponent(shown().dataset.version);
      const answer = await fetch(`${bell.dataset.bell}?since=${since}`, { redirect: "error" });
      if (answer.status === 200) bell.innerHTML = await answer.text();
    } catch { /* no connection, or signed out meanwhile: the bell stays as it is */ }
  }
  setInterval(look, 60000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown().open && bell.contains(document.activeElement)) {
      shown().open = false;
      shown().querySelector("summary").focus();
    }
  });
})();
