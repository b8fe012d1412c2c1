import { Sheet } from '../components/ui/sheet.tsx';
import type { Overlay } from './frame.tsx';
import { Sidebar } from './sidebar.tsx';

export interface NavigationDrawerProps {
  readonly onOverlay: (overlay: Overlay) => void;
  readonly onClose: () => void;
}

/** The navigation in front of the page, where there is no room beside it. */
export const NavigationDrawer = ({ onOverlay, onClose }: NavigationDrawerProps) => (
  <Sheet isOpen onClose={onClose} title="Navigation" showsTitle={false} side="left" size="sm">
    <Sidebar onOverlay={onOverlay} />
  </Sheet>
);
