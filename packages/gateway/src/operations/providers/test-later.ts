import type { ProviderTest } from '@patchbay/contract/resources/provider';

import type { ProviderRecord } from '../../storage/records.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';

type Parts = Pick<ManagementParts, 'prober' | 'rows' | 'clock' | 'background'>;

/** Tries a provider and keeps with it how that went; no new version of the row. */
export async function testProvider(
  { prober, rows, clock }: Omit<Parts, 'background'>,
  row: ProviderRecord,
  signal: AbortSignal,
): Promise<ProviderTest> {
  const result = await prober.testProvider(row, signal);
  if (!signal.aborted)
    await rows.providers.update(row.id, {
      lastTestedMs: clock.nowMs(),
      testResult: jsonOf(result),
      updatedAtMs: row.updatedAtMs,
    });
  return result;
}

/** The same while nobody waits: who made or changed a provider sees the result with it later. */
export function testLater(parts: Parts, row: ProviderRecord): void {
  parts.background.run(async (signal) => {
    await testProvider(parts, row, signal);
  });
}
