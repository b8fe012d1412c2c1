import { useNavigate } from '@tanstack/react-router';

import { useHotkeys } from '../lib/use-hotkeys.ts';
import { useSession } from '../lib/use-session.ts';
import type { Overlay } from './frame.tsx';
import { ALL_SECTIONS, visible } from './sections.ts';

/** Keys that work on every page: the palette, the help, and `g` with a letter for each section. */
export function useFrameKeys(onOverlay: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  const { permissions } = useSession();
  const go = visible(ALL_SECTIONS, permissions).map(({ key, path, isOutside }) => [
    `g ${key}`,
    () => (isOutside === true ? location.assign(path) : void navigate({ to: path })),
  ]);
  useHotkeys({
    ...Object.fromEntries(go),
    'mod+k': () => onOverlay('palette'),
    '?': () => onOverlay('shortcuts'),
  });
}
