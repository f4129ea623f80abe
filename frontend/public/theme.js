// Runs before the first paint, so that the wrong theme never flashes. A separate file because the
// Content-Security-Policy allows no inline script. src/lib/theme.ts changes the theme.
try {
  var theme = localStorage.getItem("outlay.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (_) {
  // Storage is blocked: follow the system.
}
