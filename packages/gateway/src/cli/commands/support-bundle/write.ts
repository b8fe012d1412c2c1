import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { systemClock } from '@patchbay/llm/model/clock';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import { openDataDir, PEPPER_FILE } from '../../../config/data-dir.ts';
import { loadSettings, type LoadedSettings } from '../../../config/load-settings.ts';
import { readSettingTexts } from '../../../config/read-texts.ts';
import { openGateway } from '../../../main.ts';
import { UsageError, type CommandOutput } from '../../command.ts';
import { runningGateway, type RunningGateway } from '../../running-gateway.ts';
import { addressOf, enterOwn, isAnswering } from '../doctor/own-gateway.ts';

/** What the command is run with. */
export interface SupportBundleParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `.env` and `config.yaml` are looked for, and where the archive is written. */
  readonly folder: string;
  readonly exchange: Exchange;
}

const USAGE = 'patchbay support-bundle [file.zip]';

/**
 * Writes a support bundle of the running gateway, else of what would start here, to a new file that only its owner reads.
 * Throws a `UsageError` where the file is there already or there is nothing to look at.
 */
export async function writeSupportBundle(parts: SupportBundleParts, args: readonly string[]): Promise<CommandOutput> {
  const [given, ...more] = args;
  if (more.length > 0 || given?.startsWith('-') === true) throw new UsageError(`Say one file at most: ${USAGE}`);
  const file = path.resolve(parts.folder, given ?? defaultName());
  if ((await stat(file).catch(() => undefined)) !== undefined)
    throw new UsageError(`${file} is there already. Name another file: ${USAGE}`);
  const { bytes, of } = await gather(parts);
  await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  const text = `Wrote ${file} of ${of}. It holds no secret that is known here; look through it before you send it on.`;
  return { json: { file, bytes: bytes.length, of }, text };
}

const defaultName = (): string =>
  `support-bundle-${new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/\D/g, '')}.zip`;

interface Gathered {
  readonly bytes: Uint8Array;
  /** Of which gateway, in words. */
  readonly of: string;
}

async function gather({ environment, folder, exchange }: SupportBundleParts): Promise<Gathered> {
  const named = runningGateway(environment, exchange);
  if (named !== undefined) return ask(named);
  const loaded = loadSettings({ ...readSettingTexts(folder, environment), isTerminal: false });
  const { settings } = loaded;
  if (settings.port !== 0 && (await isAnswering(addressOf(settings), exchange))) {
    const own = await enterOwn(settings, await openDataDir(settings.dataDir), exchange);
    try {
      if (own !== undefined) return await ask(own.gateway);
    } finally {
      await own?.close();
    }
  }
  return gatherHere(loaded);
}

async function ask(gateway: RunningGateway): Promise<Gathered> {
  const { status, bytes, refusal } = await gateway.ask('POST', '/v1/debug/support-bundle');
  if (status === 200) return { bytes, of: `the gateway at ${gateway.url}` };
  throw new Error(
    `${gateway.url} answered ${status}: ${refusal} It takes a key with the role admin in PATCHBAY_API_KEY.`,
  );
}

/** Puts the gateway together without listening. */
async function gatherHere(loaded: LoadedSettings): Promise<Gathered> {
  const { settings } = loaded;
  // Looking must not make keys and passwords that nobody has been shown.
  if ((await stat(path.join(settings.dataDir, PEPPER_FILE)).catch(() => undefined)) === undefined)
    throw new UsageError(`No gateway has run with DATA_DIR=${settings.dataDir}. Run this where it runs, or start it.`);
  const management = { ...settings.management, healthCheckS: 0, doctor: { intervalS: 0 } };
  const opened = await openGateway({
    isTerminal: false,
    isGuest: true,
    loaded: { ...loaded, settings: { ...settings, management } },
  });
  try {
    await opened.gateway.start();
    const { bundle } = opened.gateway;
    if (bundle === undefined) throw new TypeError('A gateway with its management makes bundles.');
    return { bytes: await bundle(), of: 'what would start here' };
  } finally {
    await opened.gateway.close();
    await opened.close();
  }
}
