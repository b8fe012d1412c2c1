import { useEffect, useEffectEvent } from 'react';

/** Longest pause within a sequence such as `g o`, in milliseconds. */
const SEQUENCE_MS = 900;

/** What keys do: `mod+k` (Ctrl, or ⌘ on a Mac), `?`, `/`, or two letters after one another, `g o`. */
export type Hotkeys = Readonly<Record<string, () => void>>;

/** Listens to keys of the whole page, except while somebody writes. */
export function useHotkeys(keys: Hotkeys): void {
  const press = useEffectEvent((name: string) => {
    keys[name]?.();
    return keys[name] !== undefined;
  });
  useEffect(() => {
    let before = { key: '', atMs: 0 };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey) return;
      const key = event.key.toLowerCase();
      const withMod = event.metaKey || event.ctrlKey;
      if (!withMod && isWriting(event.target)) return;
      const isSecond = event.timeStamp - before.atMs < SEQUENCE_MS;
      const names = withMod ? [`mod+${key}`] : [...(isSecond ? [`${before.key} ${key}`] : []), key];
      before = { key, atMs: event.timeStamp };
      if (names.some(press)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) &&
  !['checkbox', 'radio', 'button'].includes((target as HTMLInputElement).type);
