// Before the first paint, and so not part of the program: a page that was set to one theme never flashes in the other.
(() => {
  const theme = localStorage.getItem('patchbay.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
