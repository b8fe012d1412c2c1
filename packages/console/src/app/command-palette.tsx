import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { CornerDownLeft, Keyboard, LogOut, Moon, Sun, Zap } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';

import { VEIL } from '../components/ui/dialog.tsx';
import { FocusBack } from '../components/ui/focus-back.tsx';
import { Kbd } from '../components/ui/kbd.tsx';
import { ToastPlace } from '../components/ui/toast-place.tsx';
import { useIsDark, setTheme } from '../lib/theme.ts';
import type { Action } from '../lib/use-actions.ts';
import { useSession } from '../lib/use-session.ts';
import type { Overlay } from './frame.tsx';
import { ALL_SECTIONS, visible } from './sections.ts';
import { useSignOut } from './use-sign-out.ts';

export interface CommandPaletteProps {
  /** What the page that is shown offers. */
  readonly actions: readonly Action[];
  readonly onOverlay: (overlay: Overlay) => void;
  readonly onClose: () => void;
}

/** Every page and every action by its name. */
export function CommandPalette({ actions, onOverlay, onClose }: CommandPaletteProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={VEIL} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[12vh] z-50 mx-auto max-w-xl overflow-hidden rounded-xl border border-line bg-raised shadow-pop outline-none data-[state=open]:animate-appear"
        >
          <Dialog.Title className="sr-only">Go to a page or do something</Dialog.Title>
          <Command label="Commands" loop>
            <Command.Input
              placeholder="Go to a page or do something…"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
              <Command.Empty className="py-10 text-center text-ink-3">Nothing has this name.</Command.Empty>
              <Commands actions={actions} onOverlay={onOverlay} onClose={onClose} />
            </Command.List>
          </Command>
          <FocusBack />
          <ToastPlace />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ actions, onOverlay, onClose }: CommandPaletteProps) {
  const navigate = useNavigate();
  const { permissions, kind } = useSession();
  const isDark = useIsDark();
  const signOut = useSignOut();
  const after = (run: () => void) => () => {
    onClose();
    run();
  };
  return (
    <>
      {actions.length > 0 && (
        <Group heading="On this page">
          {actions.map(({ id, label, run }) => (
            <Item key={id} icon={<Zap aria-hidden />} label={label} onSelect={after(run)} />
          ))}
        </Group>
      )}
      <Group heading="Go to">
        {visible(ALL_SECTIONS, permissions).map(({ path, label, icon: Icon, key, isOutside }) => (
          <Item
            key={path}
            icon={<Icon aria-hidden />}
            label={label}
            keys={['g', key]}
            onSelect={after(() => (isOutside === true ? location.assign(path) : void navigate({ to: path })))}
          />
        ))}
      </Group>
      <Group heading="Console">
        <Item
          icon={isDark ? <Sun aria-hidden /> : <Moon aria-hidden />}
          label={isDark ? 'Use the light theme' : 'Use the dark theme'}
          onSelect={after(() => setTheme(isDark ? 'light' : 'dark'))}
        />
        <Item
          icon={<Keyboard aria-hidden />}
          label="Keyboard shortcuts"
          keys={['?']}
          onSelect={() => onOverlay('shortcuts')}
        />
        {kind === 'user' && (
          <Item icon={<LogOut aria-hidden />} label="Sign out" onSelect={after(() => void signOut())} />
        )}
      </Group>
    </>
  );
}

const Group = ({ heading, children }: { readonly heading: string; readonly children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="pb-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
  >
    {children}
  </Command.Group>
);

interface ItemProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly keys?: readonly string[];
  readonly onSelect: () => void;
}

const Item = ({ icon, label, keys = [], onSelect }: ItemProps) => (
  <Command.Item
    value={label}
    onSelect={onSelect}
    className="group flex h-9 cursor-pointer items-center gap-3 rounded-md px-2.5 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-ink-3"
  >
    {icon}
    <span className="flex-1">{label}</span>
    <CornerDownLeft className="hidden group-data-[selected=true]:block" aria-hidden />
    <span className="flex gap-1" aria-hidden>
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  </Command.Item>
);
