import type { CommandOutput, StoreContext } from '../../command.ts';

const time = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** Lists data-plane keys by their public ids. */
export async function listKeys(context: StoreContext): Promise<CommandOutput> {
  const rows = await context.store.keys.list();
  const keys = rows.map(({ id, label, createdAtMs, revokedAtMs }) => ({ id, label, createdAtMs, revokedAtMs }));
  const lines = keys.map(
    ({ id, label, createdAtMs, revokedAtMs }) =>
      `${id}  ${time(createdAtMs)}  ${revokedAtMs === undefined ? 'active ' : 'revoked'}  ${label}`,
  );
  return { json: { keys }, text: lines.join('\n') || 'There are no keys yet. `patchbay keys create` makes one.' };
}
