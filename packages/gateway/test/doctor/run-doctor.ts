import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import type { Finding } from '@patchbay/contract/resources/diagnostics';

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).href;
const PROGRAM = `import { main } from '${MAIN}'; process.exitCode = await main(process.argv.slice(1));`;

/** What `patchbay doctor` said. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly findings: readonly Finding[];
}

export const temporaryFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'patchbay-test-'));

/**
 * Runs the command as its users do: a process of its own in `folder`, with nothing but this environment. `within` are
 * words that stand before it: a command that starts another one in a world of its own.
 */
export function runDoctor(
  folder: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = ['--json'],
  within: readonly string[] = [],
): Promise<Ran> {
  const env = { PATH: '/usr/bin:/bin', PORT: '0', DATA_DIR: path.join(folder, 'data'), ...environment };
  const node = ['--conditions=patchbay-src', '--input-type=module-typescript', '-e', PROGRAM];
  const [program = '', ...command] = [...within, process.execPath, ...node, '--', 'doctor', ...args];
  return new Promise((resolve) => {
    execFile(program, command, { cwd: folder, env }, (error, stdout, stderr) => {
      const isJson = stdout.startsWith('{');
      const { findings } = isJson ? (JSON.parse(stdout) as Pick<Ran, 'findings'>) : { findings: [] };
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr, findings });
    });
  });
}
