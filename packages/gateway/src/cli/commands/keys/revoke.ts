import { UsageError, type CommandOutput, type StoreContext } from '../../command.ts';

/** Revokes a key by its public id; running gateways refuse it within a second. */
export async function revokeKey(context: StoreContext, args: readonly string[]): Promise<CommandOutput> {
  const [id, ...more] = args;
  if (id === undefined || more.length > 0)
    throw new UsageError('Say which key: patchbay keys revoke <id>. `patchbay keys list` shows the ids.');
  if (!(await context.store.keys.revoke(id, context.nowMs())) && !(await switchOff(context, id)))
    throw new UsageError(`There is no key ${id}. \`patchbay keys list\` shows the ids.`);
  return { json: { id, revoked: true }, text: `Revoked ${id}.` };
}

/** Keys that users made for themselves are rows of their own: what has used them stays visible. */
async function switchOff({ store }: StoreContext, id: string): Promise<boolean> {
  const key = await store.rows.apiKeys.get(id);
  if (key?.isActive !== true) return false;
  return (await store.rows.apiKeys.update(id, { isActive: false })).kind === 'changed';
}
