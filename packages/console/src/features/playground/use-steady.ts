import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function for as long as the component lives, which does what the latest one does: parts are not drawn anew for it. */
export function useSteady<Input extends readonly unknown[]>(
  latest: (...input: Input) => void,
): (...input: Input) => void {
  const held = useRef(latest);
  useLayoutEffect(() => {
    held.current = latest;
  });
  return useCallback((...input: Input) => held.current(...input), []);
}
