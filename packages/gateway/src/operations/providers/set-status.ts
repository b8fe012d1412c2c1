import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { updateProvider } from './update.ts';

/** Switches a provider on or off; off means that nobody calls it, whoever set it up. */
export const setProviderStatus =
  (parts: ManagementParts): Handler<'providers.setStatus'> =>
  async ({ params, body: { status } }, circumstances) => {
    const answer = await updateProvider(parts)({ params, query: undefined, body: { status } }, circumstances);
    return answer.ok ? done(answer.value, ...(answer.changes ?? [])) : refused(answer.failure);
  };
