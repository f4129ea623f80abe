// Runs before the first paint, so that a chosen theme never flashes. A file of its own because the
// Content-Security-Policy allows no inline script. The app's side of it is src/lib/theme.ts.
try {
  var theme = localStorage.getItem("outlay.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (_) {
  // Storage is blocked: follow the system.
}
