import { DropdownMenu as Radix, Slot } from 'radix-ui';
import { useState, type ReactElement, type ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

/** One thing to choose from a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly isChecked?: boolean;
}

export interface MenuProps {
  readonly trigger: ReactElement;
  /** Groups, divided by lines. */
  readonly groups: readonly (readonly MenuItem[])[];
  readonly heading?: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  /** True for a menu that comes after somebody asked for it. */
  readonly isOpenAtFirst?: boolean;
}

const ITEM =
  'flex cursor-pointer items-center gap-2 rounded px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-hover data-[disabled]:pointer-events-none data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:text-ink-3';

/** What can be done with something, behind a button. The page stays reachable: nothing that has the focus is hidden from screen readers. */
export function Menu({ isOpenAtFirst = false, ...shown }: MenuProps) {
  const [isReached, setReached] = useState(isOpenAtFirst);
  // A list has a menu in each row: what opens one, two dozen parts of a page each time, waits until somebody wants it.
  if (!isReached)
    return (
      <Slot.Root aria-haspopup="menu" aria-expanded={false} onClick={() => setReached(true)}>
        {shown.trigger}
      </Slot.Root>
    );
  return <OpenedMenu {...shown} />;
}

const OpenedMenu = ({ trigger, groups, heading, align = 'end', side = 'bottom' }: Omit<MenuProps, 'isOpenAtFirst'>) => (
  <Radix.Root modal={false} defaultOpen>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        align={align}
        side={side}
        sideOffset={4}
        collisionPadding={8}
        className="z-50 min-w-44 rounded-lg border border-line bg-raised p-1 shadow-pop data-[state=open]:animate-appear"
      >
        {heading !== undefined && <Radix.Label className="px-2 py-1.5 text-xs text-ink-3">{heading}</Radix.Label>}
        {groups.map((items, at) => (
          <Radix.Group key={items[0]?.label} className={cx(at > 0 && 'mt-1 border-t border-line pt-1')}>
            {items.map(({ label, icon, onSelect, isDanger = false, isDisabled = false, isChecked }) => (
              <Radix.Item
                key={label}
                disabled={isDisabled}
                onSelect={onSelect}
                className={cx(ITEM, isDanger && 'text-bad data-[highlighted]:bg-bad-soft [&_svg]:text-bad')}
              >
                {icon}
                <span className="flex-1">{label}</span>
                {isChecked === true && <span aria-label="chosen">✓</span>}
              </Radix.Item>
            ))}
          </Radix.Group>
        ))}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);
