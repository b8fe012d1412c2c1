import { Field } from '../../components/ui/field.tsx';
import { Select } from '../../components/ui/input.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

/** The way out of an account: '' as the gateway assigns it, 'direct', or the number of a proxy. */
export type WayOut = string;

/** The member to send for it; `undefined` leaves the gateway its choice. */
export const proxyIdOf = (way: WayOut): number | null | undefined =>
  way === '' ? undefined : way === 'direct' ? null : Number(way);

const LISTED_MAX = 1000;

export interface ProxyFieldProps {
  readonly value: WayOut;
  readonly error: string | undefined;
  /** What the empty choice means. */
  readonly unset: string;
  readonly onChange: (way: WayOut) => void;
}

/** Through which proxy an account's calls go. Shown to whoever may see proxies, where there are any. */
export function ProxyField({ value, error, unset, onChange }: ProxyFieldProps) {
  const mayRead = useMay('proxies:read');
  const { data } = useOperation('proxies.list', { query: { limit: LISTED_MAX } }, { enabled: mayRead });
  if (data === undefined || data.data.length === 0) return null;
  return (
    <Field label="Egress proxy" error={error} className="sm:col-span-2">
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{unset}</option>
          <option value="direct">none: straight to the provider</option>
          {data.data.map(({ id, label, url }) => (
            <option key={id} value={id}>
              {label ?? url}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
