import type { ServedEndpoint } from '@patchbay/llm/providers/define-provider';

import { withMembers } from '../invoke-body.ts';
import { renameMembers } from './rename-members.ts';

/** The bytes of a request in the common shape as a provider takes them: members by its own names, without those it refuses. */
export function servedBody(bytes: Buffer, { renames, omits }: Pick<ServedEndpoint, 'renames' | 'omits'>): Buffer {
  const kept =
    omits === undefined ? bytes : withMembers(bytes, Object.fromEntries(omits.map((name) => [name, undefined])));
  return renames === undefined ? kept : renameMembers(kept, renames.asked);
}
