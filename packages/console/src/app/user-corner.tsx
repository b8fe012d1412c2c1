import { lazy, Suspense, useState } from 'react';

import type { Overlay } from './frame.tsx';
import { UserButton } from './user-button.tsx';

const load = () => import('./user-menu.tsx');
const UserMenu = lazy(() => load().then((module) => ({ default: module.UserMenu })));

/** Who one is. The menu behind it is as much to load as a page, and comes when somebody reaches for it. */
export function UserCorner({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  const [isReached, setReached] = useState(false);
  const button = (
    <UserButton
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setReached(true)}
    />
  );
  return (
    <div className="border-t border-line p-2">
      {isReached ? (
        <Suspense fallback={button}>
          <UserMenu onOverlay={onOverlay} />
        </Suspense>
      ) : (
        button
      )}
    </div>
  );
}
