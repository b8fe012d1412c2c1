import { ChevronsUpDown } from 'lucide-react';
import type { ComponentProps } from 'react';

import { useSession } from '../lib/use-session.ts';

/** Who one is, to press. */
export function UserButton(props: ComponentProps<'button'>) {
  const { name, role } = useSession();
  return (
    <button
      type="button"
      className="flex w-full items-center gap-2.5 rounded-md p-2 text-left hover:bg-hover"
      {...props}
    >
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
  );
}
