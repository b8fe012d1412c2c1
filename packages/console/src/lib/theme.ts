import { useSyncExternalStore } from 'react';

/** What a person can choose; `system` follows the machine. */
export const THEMES = ['system', 'light', 'dark'] as const;

/** One of the themes. */
export type Theme = (typeof THEMES)[number];

const KEY = 'patchbay.theme';
const changed = new EventTarget();

/** The theme in force, and how to choose another, which is kept in this browser. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, readTheme), setTheme];
}

/** True while dark colours are shown, whoever chose them. Canvases need to know; everything else has variables. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

/** Chooses a theme for every page of this browser. */
export function setTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') {
    delete dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
  changed.dispatchEvent(new Event('change'));
}

const machine = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

function readTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function isDark(): boolean {
  const theme = readTheme();
  return theme === 'system' ? machine().matches : theme === 'dark';
}

function subscribe(onChange: () => void): () => void {
  const query = machine();
  changed.addEventListener('change', onChange);
  query.addEventListener('change', onChange);
  return () => {
    changed.removeEventListener('change', onChange);
    query.removeEventListener('change', onChange);
  };
}
