import { Menu, Search } from 'lucide-react';

import { Button } from '../components/ui/button.tsx';
import { Mark } from './brand.tsx';
import type { Overlay } from './frame.tsx';

/** On narrow windows: the way to everything else. */
export function TopBar({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  return (
    <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-sunken px-2 lg:hidden">
      <Button
        variant="quiet"
        size="icon"
        aria-label="Open the navigation"
        icon={<Menu aria-hidden />}
        onClick={() => onOverlay('navigation')}
      />
      <Mark className="size-5" />
      <span className="flex-1 truncate text-base font-semibold tracking-tight">Patchbay</span>
      <Button
        variant="quiet"
        size="icon"
        aria-label="Go to…"
        icon={<Search aria-hidden />}
        onClick={() => onOverlay('palette')}
      />
    </div>
  );
}
