import { randomUUID } from 'node:crypto';
import process from 'node:process';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { runImport } from '../../src/operations/transfer/import.ts';
import { readImport } from '../../src/operations/transfer/read-import.ts';
import type { TransferParts } from '../../src/operations/transfer/backups.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { sampleModel, sampleProvider } from './bench.ts';

/**
 * A process that imports 400 providers with a model each into the store in its first argument and kills itself: `within`
 * the import, before the models are written, or right `behind` it.
 */
const [dataDir = '', moment] = process.argv.slice(2);
const sealer = await createSealer([new Secret('a key of the tests')]);
const store = await openStore({ dataDir, clock: systemClock, sealer });
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // The signal has been sent to this very process; nothing comes after.
  throw new Error('still alive');
};
const parts = {
  rows: {
    ...store.rows,
    transaction: (work: Parameters<typeof store.transaction>[0]) =>
      store.transaction((rows) =>
        work(
          moment === 'within'
            ? { ...rows, models: { ...rows.models, all: rows.models.all.bind(rows.models), insertMany: die } }
            : rows,
        ),
      ),
  },
  secrets: store.secrets,
  registry: { refresh: () => Promise.resolve(die()) },
  clock: systemClock,
  newId: randomUUID,
} as unknown as TransferParts;
const names = Array.from({ length: 400 }, (_, index) => `provider-${index}`);
const read = await readImport({
  data: {
    providers: names.map((name) => sampleProvider('https://example.com', name)),
    models: names.map((name) => ({ ...sampleModel(), providerIdentifier: name })),
  },
});
if (!read.ok) throw new Error(read.message);
await runImport(parts, read.document, {
  options: read.options,
  principal: undefined,
  withSecrets: true,
  passphraseField: 'options.passphrase',
});
