import { Keyboard, LogOut, Monitor, Moon, Sun } from 'lucide-react';

import { Menu, type MenuItem } from '../components/ui/menu.tsx';
import { THEMES, useTheme, type Theme } from '../lib/theme.ts';
import { useSession } from '../lib/use-session.ts';
import type { Overlay } from './frame.tsx';
import { UserButton } from './user-button.tsx';
import { useSignOut } from './use-sign-out.ts';

const THEME_NAMES = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' } as const;
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** The theme, the help for keys, and the way out, behind who one is; open as soon as it is there. */
export function UserMenu({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  const { kind } = useSession();
  const [theme, setTheme] = useTheme();
  const signOut = useSignOut();
  const themes = THEMES.map((each: Theme): MenuItem => {
    const Icon = THEME_ICONS[each];
    return {
      label: THEME_NAMES[each],
      icon: <Icon aria-hidden />,
      onSelect: () => setTheme(each),
      isChecked: each === theme,
    };
  });
  const help = { label: 'Keyboard shortcuts', icon: <Keyboard aria-hidden />, onSelect: () => onOverlay('shortcuts') };
  const leave = { label: 'Sign out', icon: <LogOut aria-hidden />, onSelect: () => void signOut() };
  return (
    <Menu
      side="top"
      align="start"
      groups={[themes, [help], ...(kind === 'user' ? [[leave]] : [])]}
      isOpenAtFirst
      trigger={<UserButton />}
    />
  );
}
