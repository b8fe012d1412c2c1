import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUN = fileURLToPath(new URL('../../../../scripts/run.mjs', import.meta.url));

export const PROCESS_KEY = 'pb-process-suite-key-4f1d0b77';

/** The gateway as its users start it: a process of its own, with nothing but its environment. */
export interface GatewayProcess {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** Everything written to standard output and error so far. */
  readonly output: () => string;
  /** Resident memory in bytes, as the gateway itself reports it. */
  readonly residentBytes: () => Promise<number>;
  /** Ends it with a signal; resolves to its exit code. Its folder stays until `remove`. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly remove: () => Promise<void>;
}

/** Starts a gateway in a folder of its own and waits until it serves. */
export async function startProcess(
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<GatewayProcess> {
  const cwd = folder ?? (await mkdtemp(path.join(tmpdir(), 'patchbay-test-')));
  const dataDir = path.join(cwd, 'data');
  const port = await freePort();
  const child = spawn(process.execPath, ['--conditions=patchbay-src', RUN, 'start'], {
    cwd,
    env: { PATH: '/usr/bin:/bin', GATEWAY_API_KEY: PROCESS_KEY, DATA_DIR: dataDir, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  child.stderr.on('data', (data) => (output += String(data)));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = `http://127.0.0.1:${port}`;
  const ready = untilReady(url, () => child.exitCode !== null);
  if (!(await ready)) throw new Error(`The gateway did not start:\n${output}`);
  return {
    url,
    dataDir,
    child,
    output: () => output,
    residentBytes: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]);
    },
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return (await exited)[0];
    },
    remove: () => rm(cwd, { recursive: true, force: true }),
  };
}

async function untilReady(url: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
