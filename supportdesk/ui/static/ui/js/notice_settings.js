// The sound to be tried, and the browser asked whether it may show messages: by its button alone.
(function () {
  const area = document.querySelector("[data-notice-settings]");
  if (!area) return;
  const play = area.querySelector("[data-play]"), ask = area.querySelector("[data-ask]"), said = area.querySelector("[data-said]");
  play.hidden = false;
  play.addEventListener("click", () => new Audio(play.dataset.play).play().catch(() => {}));

  function show() {
    const standing = window.Notification ? Notification.permission : "missing";
    said.textContent = area.dataset[standing] || "";
    ask.hidden = standing !== "default";
  }
  ask.addEventListener("click", () => Notification.requestPermission().then(show));
  show();
})();
