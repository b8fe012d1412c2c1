import type { ManagementParts } from './ports.ts';

/** Makes what was just written serve before the client hears of it. */
export async function serveNow({ registry }: Pick<ManagementParts, 'registry'>): Promise<void> {
  // The change is made and must be reported as such. The registry says itself what is wrong, and looks again by itself.
  await registry.refresh().catch(() => undefined);
}
