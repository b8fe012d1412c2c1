import { useEffect } from 'react';

/**
 * In the place of the library that writes style elements while a dialog locks the page's scrolling: the content security
 * policy allows no inline style, and sheets that a script adopts are none. Same names, same behaviour.
 */
export function stylesheetSingleton(): { readonly add: (css: string) => void; readonly remove: () => void } {
  let users = 0;
  let sheet: CSSStyleSheet | undefined;
  return {
    add(css) {
      users += 1;
      if (sheet !== undefined) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    },
    remove() {
      users -= 1;
      if (users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      sheet = undefined;
    },
  };
}

/** A hook that has a sheet adopted while any component uses it. */
export function styleHookSingleton(): (css: string, isDynamic?: boolean) => void {
  const singleton = stylesheetSingleton();
  return function useStyle(css, isDynamic = false) {
    useEffect(() => {
      singleton.add(css);
      return () => singleton.remove();
    }, [isDynamic ? css : '']);
  };
}

/** A component that does the same and shows nothing. */
export function styleSingleton(): (props: { readonly styles: string; readonly dynamic?: boolean }) => null {
  const useStyle = styleHookSingleton();
  return function Sheet({ styles, dynamic }) {
    useStyle(styles, dynamic);
    return null;
  };
}
