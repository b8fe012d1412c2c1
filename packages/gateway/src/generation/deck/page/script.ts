/**
 * What leafs through a deck: arrows, space, Page Up and Down, Home and End; `f` fills the screen, `n` shows what the
 * speaker says, Escape shows all slides again. The address names the slide, so that it can be linked.
 */
export const SCRIPT = `
(() => {
  const slides = [...document.querySelectorAll('article')];
  const root = document.documentElement;
  let now = 0;
  const show = (wanted) => {
    now = Math.min(Math.max(wanted, 0), slides.length - 1);
    root.classList.add('leafing');
    slides.forEach((slide, index) => slide.classList.toggle('now', index === now));
    history.replaceState(null, '', '#' + (now + 1));
  };
  const showAll = () => {
    root.classList.remove('leafing');
    slides[now].scrollIntoView();
  };
  const toggleNotes = () => document.querySelectorAll('aside').forEach((notes) => { notes.hidden = !notes.hidden; });
  const fill = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  const forward = root.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = root.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  const keys = {
    [forward]: () => show(now + 1), ArrowDown: () => show(now + 1), PageDown: () => show(now + 1), ' ': () => show(now + 1),
    [back]: () => show(now - 1), ArrowUp: () => show(now - 1), PageUp: () => show(now - 1),
    Home: () => show(0), End: () => show(slides.length - 1),
    f: fill, n: toggleNotes, Escape: showAll,
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  addEventListener('hashchange', () => show(Number(location.hash.slice(1)) - 1 || 0));
  let touchedAt;
  addEventListener('touchstart', (event) => { touchedAt = event.changedTouches[0].clientX; }, { passive: true });
  addEventListener('touchend', (event) => {
    const moved = event.changedTouches[0].clientX - touchedAt;
    if (Math.abs(moved) > 40) show(now + (moved < 0 === (root.dir !== 'rtl') ? 1 : -1));
  }, { passive: true });
  show(Number(location.hash.slice(1)) - 1 || 0);
})();
`;
