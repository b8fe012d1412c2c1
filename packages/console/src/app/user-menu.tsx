import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun } from 'lucide-react';

import { Menu, type MenuItem } from '../components/ui/menu.tsx';
import { THEMES, useTheme, type Theme } from '../lib/theme.ts';
import { useSession } from '../lib/use-session.ts';
import type { Overlay } from './frame.tsx';
import { useSignOut } from './use-sign-out.ts';

const THEME_NAMES = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' } as const;
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** Who one is, the theme, the help for keys, and the way out. */
export function UserMenu({ onOverlay }: { readonly onOverlay: (overlay: Overlay) => void }) {
  const { name, role, kind } = useSession();
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
    <div className="border-t border-line p-2">
      <Menu
        side="top"
        align="start"
        groups={[themes, [help], ...(kind === 'user' ? [[leave]] : [])]}
        trigger={
          <button type="button" className="flex w-full items-center gap-2.5 rounded-md p-2 text-left hover:bg-hover">
            <span
              className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent uppercase"
              aria-hidden
            >
              {name.slice(0, 2)}
            </span>
            <span className="min-w-0 flex-1 leading-tight">
              <span className="sr-only">Account of </span>
              <span className="block truncate font-medium">{name}</span>
              <span className="block truncate text-xs text-ink-3">{role}</span>
            </span>
            <ChevronsUpDown className="size-4 text-ink-3" aria-hidden />
          </button>
        }
      />
    </div>
  );
}
