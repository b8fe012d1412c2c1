import { useLayoutEffect, useRef } from 'react';

/**
 * Part of a window in front of the page: the focus goes back to where it was when the window closes. The library
 * knows only buttons of its own, and windows here are opened by rows, menus and keys.
 */
export function FocusBack() {
  const before = useRef<Element>(null);
  useLayoutEffect(() => {
    before.current = cameFrom();
    return () =>
      void setTimeout(() => {
        const { activeElement } = document;
        const isFree = activeElement === null || activeElement === document.body;
        if (isFree && before.current instanceof HTMLElement) before.current.focus();
      });
  }, []);
  return null;
}

/** What has the focus, or the button of the menu that has it: the menu is about to go. */
function cameFrom(): Element | null {
  const { activeElement } = document;
  const buttonId = activeElement?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return buttonId === null || buttonId === undefined ? activeElement : document.getElementById(buttonId);
}
