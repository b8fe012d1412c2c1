import process from 'node:process';

import { systemClock } from '@patchbay/llm/model/clock';
import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';

import { keptSecret, openDataDir, PEPPER_FILE } from '../config/data-dir.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadSettings } from '../config/load-settings.ts';
import { readSettingTexts } from '../config/read-texts.ts';
import { VERSION } from '../config/version.ts';
import { newPepper, pepperKey } from '../identity/api-key.ts';
import { serve } from '../main.ts';
import { openStore } from '../storage/open-store.ts';
import { UsageError, type CommandOutput, type StoreContext } from './command.ts';
import { doctor } from './commands/doctor/doctor.ts';
import { explainFromGateway, explainFromStore } from './commands/explain/explain.ts';
import { createKey } from './commands/keys/create.ts';
import { listKeys } from './commands/keys/list.ts';
import { revokeKey } from './commands/keys/revoke.ts';
import { proxyStdio } from './commands/mcp/proxy-stdio.ts';
import { writeSupportBundle } from './commands/support-bundle/write.ts';
import { runningGateway } from './running-gateway.ts';

const HELP = `Patchbay ${VERSION}

  patchbay serve                 starts the gateway
  patchbay keys create [label]   makes a data-plane key and shows it once
  patchbay keys list             lists keys
  patchbay keys revoke <id>      revokes a key
  patchbay doctor                tells what is wrong, why, and what to do: of the running gateway, else of
                                 what would start here; --fix mends what is safe, --url names another
  patchbay explain <request-id>  tells what became of a request, from the log
  patchbay explain <model>       tells what a request would meet, from a running gateway
  patchbay support-bundle [file]  writes a ZIP archive for whoever helps, without secrets
  patchbay mcp                   serves a running gateway's tools over standard input and output;
                                 PATCHBAY_URL and PATCHBAY_API_KEY say which gateway, and as whom
  patchbay version               tells the version

  --json    output for programs
  --help    this text

Settings come from the environment, .env and config.yaml; .env.example names them all.
`;

type StoreCommand = (context: StoreContext, args: readonly string[]) => Promise<CommandOutput>;

/** Commands that work on the store, by their words. */
const STORE_COMMANDS: Readonly<Record<string, StoreCommand>> = {
  explain: explainFromStore,
  'keys create': createKey,
  'keys list': listKeys,
  'keys revoke': revokeKey,
};

/** Runs one command; resolves to the exit code: 0 done, 1 failed, 2 used wrongly. */
export async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json');
  const words = args.filter((each) => each !== '--json');
  if (words.length === 0 || words.includes('--help') || words[0] === 'help') return print(HELP);
  if (words[0] === 'serve') return serve();
  if (words[0] === 'version') return print(isJson ? `${JSON.stringify({ version: VERSION })}\n` : `${VERSION}\n`);
  try {
    if (words.join(' ') === 'mcp') return await proxyMcp();
    if (words[0] === 'doctor') return await examine(words.slice(1), isJson);
    const output = (await outside(words)) ?? (await runOnStore(words));
    return print(`${isJson ? JSON.stringify(output.json) : output.text}\n`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(isJson ? `${JSON.stringify({ error: message })}\n` : `${message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

const proxyMcp = (): Promise<number> =>
  proxyStdio({
    input: process.stdin,
    output: process.stdout,
    exchange: fetchExchange(),
    environment: readEnvironment(),
  });

async function examine(args: readonly string[], isJson: boolean): Promise<number> {
  const environment = readEnvironment();
  const inColour = process.stdout.isTTY && environment['NO_COLOR'] === undefined;
  const parts = { environment, folder: process.cwd(), exchange: fetchExchange(), inColour };
  const { json, text, exitCode } = await doctor(parts, args);
  print(`${isJson ? JSON.stringify(json) : text}\n`);
  return exitCode;
}

/** What a running gateway can say better than its store, where one is named, and what looks at more than a store. */
async function outside(words: readonly string[]): Promise<CommandOutput | undefined> {
  if (words[0] === 'support-bundle') {
    const parts = { environment: readEnvironment(), folder: process.cwd(), exchange: fetchExchange() };
    return writeSupportBundle(parts, words.slice(1));
  }
  if (words[0] !== 'explain') return undefined;
  const gateway = runningGateway(readEnvironment(), fetchExchange());
  return gateway && explainFromGateway(gateway, words.slice(1));
}

async function runOnStore(words: readonly string[]): Promise<CommandOutput> {
  const name = words[0] === 'explain' ? 1 : 2;
  const command = STORE_COMMANDS[words.slice(0, name).join(' ')];
  if (command === undefined) throw new UsageError(`There is no command \`${words.join(' ')}\`.\n\n${HELP}`);
  const texts = readSettingTexts(process.cwd(), readEnvironment());
  const { settings } = loadSettings({ ...texts, isTerminal: false });
  const dataDir = await openDataDir(settings.dataDir);
  const pepper = await keptSecret(dataDir, PEPPER_FILE, newPepper);
  const store = await openStore({ ...settings, dataDir, clock: systemClock });
  try {
    const context = { store, hashKey: pepperKey(pepper.secret), nowMs: () => systemClock.nowMs() };
    return await command(context, words.slice(name));
  } finally {
    await store.close();
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
