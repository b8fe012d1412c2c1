import { Command } from 'cmdk';
import { Check, ChevronsUpDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';

import { cx } from '../../lib/cx.ts';

/** One of many to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export interface ComboboxProps {
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
  readonly choices: readonly Choice[];
  /** Shown while nothing is chosen. */
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly className?: string;
}

/** Beyond these one writes more of the name. */
const SHOWN_MAX = 200;

/** One of many, found by writing a part of its name. */
export function Combobox({
  value,
  onChange,
  choices,
  placeholder = 'Choose…',
  isDisabled = false,
  className,
  ...rest
}: ComboboxProps) {
  const [isOpen, setOpen] = useState(false);
  const chosen = choices.find((each) => each.value === value);
  const label = rest['aria-label'] ?? placeholder;
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        {...rest}
        disabled={isDisabled}
        role="combobox"
        aria-expanded={isOpen}
        className={cx(
          'flex h-8 w-full items-center gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-left text-sm shadow-rest hover:border-ink-3 disabled:opacity-60',
          className,
        )}
      >
        <span className={cx('min-w-0 flex-1 truncate', chosen === undefined && 'text-ink-3')}>
          {chosen?.label ?? placeholder}
        </span>
        <ChevronsUpDown className="size-4 shrink-0 text-ink-3" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 w-[max(var(--radix-popover-trigger-width),14rem)] overflow-hidden rounded-lg border border-line bg-raised shadow-pop"
        >
          <Choices
            label={label}
            value={value}
            choices={choices}
            onChoose={(chosenValue) => {
              onChange(chosenValue);
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ChoicesProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string) => void;
}

function Choices({ label, value, choices, onChoose }: ChoicesProps) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = choices
    .filter((each) => `${each.label} ${each.hint ?? ''}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN_MAX);
  return (
    <Command shouldFilter={false} label={label}>
      <Command.Input
        value={search}
        onValueChange={setSearch}
        placeholder="Search…"
        className="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
      />
      <Command.List className="max-h-64 overflow-y-auto p-1">
        <Command.Empty className="px-2 py-6 text-center text-sm text-ink-3">Nothing has this name.</Command.Empty>
        {found.map((each) => (
          <Command.Item
            key={each.value}
            value={each.value}
            onSelect={() => onChoose(each.value)}
            className="flex items-center gap-2 rounded px-2 py-1.5 text-sm data-[selected=true]:bg-hover"
          >
            <Check className={cx('size-4 shrink-0 text-accent', each.value !== value && 'invisible')} aria-hidden />
            <span className="min-w-0 flex-1 truncate">{each.label}</span>
            {each.hint !== undefined && <span className="truncate text-xs text-ink-3">{each.hint}</span>}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
