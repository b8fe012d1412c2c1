import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Combobox, type Choice } from '../../components/ui/combobox.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import type { Address } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

export interface MoreFiltersProps {
  readonly address: Address;
  readonly onChange: (change: Address) => void;
  readonly onClose: () => void;
}

const NAMES = ['model', 'account', 'key', 'streamed', 'switched', 'slow', 'cost', 'from', 'to'] as const;
type Name = (typeof NAMES)[number];
const LISTED_MAX = 1000;

/** Filters that are chosen now and then. */
export function MoreFilters({ address, onChange, onClose }: MoreFiltersProps) {
  const [written, setWritten] = useState<Address>(() => Object.fromEntries(NAMES.map((name) => [name, address[name]])));
  const valueOf = (name: Name): string => written[name] ?? '';
  const write = (name: Name) => (value: string) => setWritten((before) => ({ ...before, [name]: value }));
  const accounts = useChoices('accounts.list', useMay('accounts:read'));
  const keys = useChoices('keys.list', useMay('api-keys:own'));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="More filters"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="more-filters" variant="primary">
            Filter
          </Button>
        </>
      }
    >
      <form
        id="more-filters"
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          const span = written['from'] || written['to'] ? { span: undefined } : {};
          onChange({ ...written, ...span });
          onClose();
        }}
      >
        <Field label="Model" hint="The provider’s name for it, whole." className="sm:col-span-2">
          {(control) => (
            <Input
              {...control}
              spellCheck={false}
              value={valueOf('model')}
              onChange={(event) => write('model')(event.target.value)}
            />
          )}
        </Field>
        <Named label="Account" choices={accounts} value={valueOf('account')} onChange={write('account')} />
        <Named label="Key" choices={keys} value={valueOf('key')} onChange={write('key')} />
        <YesNo label="Streamed" value={valueOf('streamed')} onChange={write('streamed')} />
        <YesNo label="Came from another account" value={valueOf('switched')} onChange={write('switched')} />
        <Least label="Took at least, in ms" step="1" value={valueOf('slow')} onChange={write('slow')} />
        <Least label="Cost at least, in US dollars" step="any" value={valueOf('cost')} onChange={write('cost')} />
        <Moment label="From" value={valueOf('from')} onChange={write('from')} />
        <Moment label="To" value={valueOf('to')} onChange={write('to')} />
      </form>
    </Dialog>
  );
}

function useChoices(id: 'accounts.list' | 'keys.list', enabled: boolean): readonly Choice[] {
  const { data } = useOperation(id, { query: { limit: LISTED_MAX } } as never, { enabled });
  const rows = (data?.data ?? []) as readonly { readonly id: string; readonly label: string }[];
  return [
    { value: '', label: 'Any' },
    ...rows.map(({ id: value, label }) => ({ value, label: label || value, hint: value })),
  ];
}

interface ControlProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One that has no name here, as one from the environment, keeps its id. */
const Named = ({ label, value, onChange, choices }: ControlProps & { readonly choices: readonly Choice[] }) => (
  <Field label={label}>
    {(control) => (
      <Combobox
        {...control}
        value={value}
        onChange={onChange}
        choices={choices.some((each) => each.value === value) ? choices : [...choices, { value, label: value }]}
      />
    )}
  </Field>
);

const YesNo = ({ label, value, onChange }: ControlProps) => (
  <Field label={label}>
    {(control) => (
      <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Either</option>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </Select>
    )}
  </Field>
);

const Least = ({ label, value, onChange, step }: ControlProps & { readonly step: string }) => (
  <Field label={label}>
    {(control) => (
      <Input
        {...control}
        type="number"
        min="0"
        step={step}
        inputMode="decimal"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);

const Moment = ({ label, value, onChange }: ControlProps) => (
  <Field label={label}>
    {(control) => (
      <Input
        {...control}
        type="datetime-local"
        value={value === '' ? '' : localOf(value)}
        onChange={({ target }) => onChange(target.value === '' ? '' : new Date(target.value).toISOString())}
      />
    )}
  </Field>
);

/** As the browser's own control writes it: in the viewer's zone, without saying so. */
function localOf(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ''
    : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
