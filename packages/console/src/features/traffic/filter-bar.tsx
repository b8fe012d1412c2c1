import { SlidersHorizontal, X } from 'lucide-react';
import { useEffect, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { CHOICE } from '../../components/ui/filters.tsx';
import { SearchInput, Select } from '../../components/ui/input.tsx';
import { cx } from '../../lib/cx.ts';
import type { Address } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import type { Names } from '../../lib/use-names.ts';
import { CLEARED, filterCount, OUTCOMES } from './filters.ts';
import { MoreFilters } from './more-filters.tsx';

export interface FilterBarProps {
  readonly address: Address;
  readonly names: Names;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

/** How long one writes before the log is asked, in milliseconds. */
const PAUSE_MS = 250;

/** Filters of the log, in force as soon as they are chosen. */
export function FilterBar({ address, names, onChange }: FilterBarProps) {
  const [isOpen, setOpen] = useState(false);
  const count = filterCount(address);
  const chips = CHIPS.filter(({ name }) => (address[name] ?? '') !== '');
  return (
    <>
      <Search value={address['search'] ?? ''} onChange={(search) => onChange({ search }, true)} />
      <Select
        aria-label="Outcome"
        className={cx(CHOICE, 'sm:w-36')}
        value={address['outcome'] ?? ''}
        onChange={(event) => onChange({ outcome: event.target.value })}
      >
        <option value="">Every outcome</option>
        {Object.entries(OUTCOMES).map(([value, { label }]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <ProviderSelect value={address['provider'] ?? ''} onChange={(provider) => onChange({ provider })} />
      <Select
        aria-label="Time"
        className={cx(CHOICE, 'sm:w-36')}
        value={address['span'] ?? ''}
        onChange={(event) => onChange({ span: event.target.value, from: undefined, to: undefined })}
      >
        <option value="">All time</option>
        <option value="1h">Last hour</option>
        <option value="24h">Last 24 hours</option>
        <option value="7d">Last 7 days</option>
        <option value="30d">Last 30 days</option>
      </Select>
      <Button icon={<SlidersHorizontal aria-hidden />} onClick={() => setOpen(true)}>
        More filters
      </Button>
      {chips.map(({ name, label, shown }) => (
        <Chip
          key={name}
          label={label}
          value={shown(address[name] ?? '', names)}
          onRemove={() => onChange({ [name]: undefined })}
        />
      ))}
      {count > 1 && (
        <Button variant="quiet" size="sm" onClick={() => onChange(CLEARED)}>
          Clear all
        </Button>
      )}
      {isOpen && <MoreFilters address={address} onChange={onChange} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Filters without a control of their own in the bar. */
const CHIPS: readonly {
  readonly name: string;
  readonly label: string;
  readonly shown: (value: string, names: Names) => string;
}[] = [
  { name: 'model', label: 'Model', shown: (value) => value },
  { name: 'account', label: 'Account', shown: (value, names) => names.account(value) },
  { name: 'key', label: 'Key', shown: (value, names) => names.key(value) },
  { name: 'streamed', label: 'Streamed', shown: (value) => (value === 'true' ? 'yes' : 'no') },
  { name: 'switched', label: 'Switched account', shown: (value) => (value === 'true' ? 'yes' : 'no') },
  { name: 'slow', label: 'At least', shown: (value) => `${value} ms` },
  { name: 'cost', label: 'At least', shown: (value) => `$${value}` },
  { name: 'from', label: 'From', shown: (value) => new Date(value).toLocaleString() },
  { name: 'to', label: 'To', shown: (value) => new Date(value).toLocaleString() },
];

const Chip = ({
  label,
  value,
  onRemove,
}: {
  readonly label: string;
  readonly value: string;
  readonly onRemove: () => void;
}) => (
  <span className="inline-flex h-7 max-w-64 items-center gap-1 rounded-md bg-accent-soft pr-0.5 pl-2 text-xs text-accent">
    <span className="truncate">
      {label}: <bdi className="font-medium">{value}</bdi>
    </span>
    <button
      type="button"
      aria-label={`Remove ${label} ${value}`}
      className="grid size-6 place-items-center rounded hover:bg-hover"
      onClick={onRemove}
    >
      <X className="size-3.5" aria-hidden />
    </button>
  </span>
);

/** What is written is asked for after a pause; what the address says comes first. */
function Search({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const [written, setWritten] = useState(value);
  useEffect(() => setWritten(value), [value]);
  useEffect(() => {
    if (written === value) return undefined;
    const timer = setTimeout(() => onChange(written), PAUSE_MS);
    return () => clearTimeout(timer);
    // Another function each time says nothing new.
  }, [written, value]);
  return (
    <SearchInput
      aria-label="Search calls"
      placeholder="Request id, model or error"
      className="w-full sm:w-72"
      value={written}
      onChange={setWritten}
      maxLength={255}
    />
  );
}

function ProviderSelect({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const offered = useOperation('offered.providers').data?.providers ?? [];
  const ids = [...new Set([...offered.map(({ id }) => id), 'simulator', ...(value === '' ? [] : [value])])].toSorted();
  return (
    <Select aria-label="Provider" className={CHOICE} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">Every provider</option>
      {ids.map((id) => (
        <option key={id}>{id}</option>
      ))}
    </Select>
  );
}
