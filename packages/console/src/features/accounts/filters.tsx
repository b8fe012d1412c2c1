import { ChoiceFilter, NameFilter } from '../../components/ui/filters.tsx';
import { useOperation } from '../../lib/use-api.ts';
import type { Address } from '../../lib/use-address.ts';
import { HEALTH_WORDS } from './words.ts';

const STATES = [
  ...Object.entries(HEALTH_WORDS).map(([value, label]) => ({ value, label })),
  { value: 'off', label: 'off' },
];

export interface FiltersProps {
  readonly address: Address;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

/** Narrows the list by name, state and provider. */
export function Filters({ address: { search = '', state = '', provider = '' }, onChange }: FiltersProps) {
  const { data } = useOperation('offered.providers');
  return (
    <>
      <NameFilter
        label="Accounts named"
        placeholder="Name"
        value={search}
        onChange={(value) => onChange({ search: value }, true)}
      />
      <ChoiceFilter
        label="Accounts that are"
        every="Every state"
        className="sm:w-36"
        value={state}
        choices={STATES}
        onChange={(value) => onChange({ state: value })}
      />
      <ChoiceFilter
        label="Accounts of the provider"
        every="Every provider"
        className="sm:w-48"
        value={provider}
        choices={(data?.providers ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(value) => onChange({ provider: value })}
      />
    </>
  );
}
