import type { Provider } from '@patchbay/contract/resources/provider';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { toast } from 'sonner';

import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { keyOf, useApi } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

const STALE = ['providers.list', 'providers.get', 'models.list', 'providers.healthOfAll', 'audit.list'] as const;
/** As many as the API takes at once. */
const AT_ONCE = 50;
/** Long enough to read it and to change one's mind. */
const UNDO_MS = 15_000;

/** Whether what is deleted can be brought back: from an export, which holds no secrets. */
export function useMayUndo(): boolean {
  const mayExport = useMay('configuration:export');
  const mayImport = useMay('configuration:import');
  return mayExport && mayImport;
}

/** Deletes a provider with its models, and offers to bring both back. */
export function useRemoval(): UseMutationResult<void, Error, Provider> {
  const api = useApi();
  const queries = useQueryClient();
  const mayUndo = useMayUndo();
  const renew = () => Promise.all(STALE.map((each) => queries.invalidateQueries({ queryKey: keyOf(each) })));
  const undo = async (name: string, kept: Answer<'configuration.export'>): Promise<void> => {
    try {
      await api.call('configuration.import', { body: kept });
      toast.success(`${name} is back. Fill its secrets in again: they were not kept.`);
    } catch (error) {
      toast.error(`${name} could not be brought back: ${failureOf(error).message}`);
    }
    await renew();
  };
  return useMutation({
    mutationFn: async ({ id, name }: Provider) => {
      const kept = mayUndo ? await api.call('configuration.export', { body: { providerIds: [id] } }) : undefined;
      const models = await api.call('models.ofProvider', { params: { providerId: id }, query: {} });
      for (let from = 0; from < models.length; from += AT_ONCE) {
        const part = models.slice(from, from + AT_ONCE).map((each) => ({ id: each.id }));
        // In turn: the first part that is refused ends it.
        // oxlint-disable-next-line no-await-in-loop
        const { results } = await api.call('models.bulk', { body: { operation: 'delete', models: part } });
        const refused = results.find(({ ok }) => !ok);
        if (refused !== undefined) throw new Error(refused.error ?? 'A model could not be deleted.');
      }
      await api.call('providers.delete', { params: { id } });
      const action = kept && { label: 'Undo', onClick: () => void undo(name, kept) };
      toast.success(`${name} was deleted.`, { ...(action && { action }), duration: UNDO_MS });
    },
    onSettled: renew,
  });
}
