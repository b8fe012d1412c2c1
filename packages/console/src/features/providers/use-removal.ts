import type { ManagementClient } from '@patchbay/contract/client';
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

/** Whether what is deleted can be brought back: from an export of it. */
export function useMayUndo(): boolean {
  const mayExport = useMay('configuration:export');
  const mayImport = useMay('configuration:import');
  return mayExport && mayImport;
}

/** Whether its secrets can be brought back with it: they leave only sealed, for whoever may take them out. */
export const useMayKeepSecrets = (): boolean => useMay('secrets:export');

/** What a provider was, for as long as one can change one's mind. */
interface Kept {
  readonly document: Answer<'configuration.export'>;
  /** Opens the secrets in it. Known to this page alone, and gone with it; absent where it holds none. */
  readonly passphrase?: string;
}

const PASSPHRASE_BYTES = 32;

/** A passphrase that nobody has to remember. */
const newPassphrase = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(PASSPHRASE_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** Keeps a provider with its models, and with its secrets where that is allowed and they can be opened. */
async function keep(api: ManagementClient, id: string, withSecrets: boolean): Promise<Kept> {
  const body = { providerIds: [id] };
  const passphrase = newPassphrase();
  if (withSecrets)
    try {
      const sealed = { ...body, includeCredentials: true, passphrase };
      return { document: await api.call('configuration.export', { body: sealed }), passphrase };
    } catch {
      // Secrets that do not open cannot be kept; the rest can.
    }
  return { document: await api.call('configuration.export', { body }) };
}

/** Deletes a provider with its models, and offers to bring both back. */
export function useRemoval(): UseMutationResult<void, Error, Provider> {
  const api = useApi();
  const queries = useQueryClient();
  const mayUndo = useMayUndo();
  const renew = () => Promise.all(STALE.map((each) => queries.invalidateQueries({ queryKey: keyOf(each) })));
  const mayKeepSecrets = useMayKeepSecrets();
  const undo = async (name: string, { document, passphrase }: Kept): Promise<void> => {
    try {
      const options = passphrase === undefined ? {} : { options: { passphrase } };
      await api.call('configuration.import', { body: { ...document, ...options } });
      toast.success(
        passphrase === undefined
          ? `${name} is back. Fill its secrets in again: they were not kept.`
          : `${name} is back as it was.`,
      );
    } catch (error) {
      toast.error(`${name} could not be brought back: ${failureOf(error).message}`);
    }
    await renew();
  };
  return useMutation({
    mutationFn: async ({ id, name }: Provider) => {
      const kept = mayUndo ? await keep(api, id, mayKeepSecrets) : undefined;
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
