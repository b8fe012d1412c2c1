import { Checkbox } from '../../components/ui/input.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { useOperation } from '../../lib/use-api.ts';

const PROVIDERS_MAX = 100;

export interface ProviderChoiceProps {
  /** Ids of providers. */
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}

/** Which providers to take along. */
export function ProviderChoice({ chosen, onChange }: ProviderChoiceProps) {
  const { data, error, refetch } = useOperation('providers.list', { query: { limit: PROVIDERS_MAX } });
  if (data === undefined && error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-40" />;
  const toggle = (id: string): void =>
    onChange(new Set(chosen.has(id) ? [...chosen].filter((other) => other !== id) : [...chosen, id]));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-xs text-ink-3">
        <span className="numeric">{chosen.size}</span> chosen
      </legend>
      <ul className="max-h-56 overflow-y-auto rounded-md border border-line">
        {data.data.map(({ id, name, identifier }) => (
          <li key={id} className="border-b border-line last:border-0">
            <label className="flex cursor-pointer items-center gap-2.5 px-3 py-1.5 text-sm hover:bg-hover">
              <Checkbox checked={chosen.has(id)} onCheckedChange={() => toggle(id)} aria-label={name} />
              <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
              <span className="min-w-0 truncate font-mono text-xs text-ink-3">{identifier}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
