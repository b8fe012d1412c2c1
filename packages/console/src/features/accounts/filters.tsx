import { SearchInput, Select } from '../../components/ui/input.tsx';
import { useOperation } from '../../lib/use-api.ts';
import type { Address } from '../../lib/use-address.ts';
import { HEALTH_WORDS } from './words.ts';

export interface FiltersProps {
  readonly address: Address;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

/** Narrows the list by name, state and provider. */
export function Filters({ address: { search = '', state = '', provider = '' }, onChange }: FiltersProps) {
  const { data } = useOperation('offered.providers');
  return (
    <>
      <SearchInput
        aria-label="Accounts named"
        placeholder="Name"
        className="w-full sm:w-60"
        value={search}
        onChange={(value) => onChange({ search: value }, true)}
      />
      <Select
        aria-label="Accounts that are"
        className="w-full sm:w-36"
        value={state}
        onChange={({ target }) => onChange({ state: target.value })}
      >
        <option value="">Every state</option>
        {Object.entries(HEALTH_WORDS).map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
        <option value="off">off</option>
      </Select>
      <Select
        aria-label="Accounts of the provider"
        className="w-full sm:w-48"
        value={provider}
        onChange={({ target }) => onChange({ provider: target.value })}
      >
        <option value="">Every provider</option>
        {(data?.providers ?? []).map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </>
  );
}
