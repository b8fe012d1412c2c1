import { useMemo } from 'react';

import type { Choice } from '../../components/ui/combobox.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

const ROWS_MAX = 100;

/** What a name can stand for. */
export interface Targets {
  readonly providers: readonly Choice[];
  /** Models that are known of a provider; whoever may not see them writes the name. */
  readonly modelsOf: (provider: string) => readonly string[];
}

/** Providers to choose from, and the models of each. */
export function useTargets(): Targets {
  const offered = useOperation('offered.providers').data;
  const query = { limit: ROWS_MAX };
  const rows = useOperation('providers.list', { query }, { enabled: useMay('providers:read') }).data;
  const models = useOperation('models.list', { query }, { enabled: useMay('models:read') }).data;
  return useMemo(() => {
    const names = new Map([
      ...(offered?.providers ?? []).map(({ id, name }) => [id, name] as const),
      ...(rows?.data ?? []).map(({ identifier, name }) => [identifier, name] as const),
    ]);
    const providers = [...names].map(([value, label]) => ({ value, label, hint: value }));
    const idOf = new Map(rows?.data.map(({ id, identifier }) => [identifier, id]));
    const modelsOf = (provider: string): readonly string[] =>
      (models?.data ?? []).flatMap((each) => (each.providerId === idOf.get(provider) ? [each.identifier] : []));
    return { providers, modelsOf };
  }, [offered, rows, models]);
}
