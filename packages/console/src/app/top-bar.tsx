import { useLocation } from '@tanstack/react-router';
import { Menu, Search } from 'lucide-react';

import { Button } from '../components/ui/button.tsx';
import type { Overlay } from './frame.tsx';
import { sectionAt } from './sections.ts';

/** On narrow windows: where one is, and the way to everything else. */
export function TopBar({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  const { pathname } = useLocation();
  return (
    <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-sunken px-2 lg:hidden">
      <Button
        variant="quiet"
        size="icon"
        aria-label="Open the navigation"
        icon={<Menu aria-hidden />}
        onClick={() => onOverlay('navigation')}
      />
      <span className="flex-1 truncate text-base font-semibold">{sectionAt(pathname)?.label ?? 'Patchbay'}</span>
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
