import type { Proxy } from '@patchbay/contract/resources/proxy';

import { Num } from '../../components/ui/values.tsx';

/** How many accounts go through a proxy, of those that may; without a limit, the number alone. */
export function Capacity({ of: { current_accounts: current, max_accounts: max } }: { readonly of: Proxy }) {
  if (max <= 0) return <Num value={current} />;
  const share = Math.min(1, current / max);
  return (
    <span className="flex items-center gap-2">
      <span className="h-1.5 w-14 shrink-0 overflow-hidden rounded-full bg-hover" aria-hidden>
        <span
          className={`block h-full rounded-full ${share >= 1 ? 'bg-warn' : 'bg-accent'}`}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span className="whitespace-nowrap">
        <Num value={current} /> <span className="text-ink-3">of</span> <Num value={max} />
      </span>
    </span>
  );
}
