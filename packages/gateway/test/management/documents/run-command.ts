import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a printed command brought. */
export interface Brought {
  readonly status: number;
  /** Standard output: as JSON where it is JSON. */
  readonly body: unknown;
}

/** The command is run as it stands; only the headers of its answer go to a file on the side. */
const PRELUDE = 'curl() { command curl -sS -D headers.txt "$@"; }\n';

/** Why printed commands cannot be run here, if they cannot. */
export const skipShell: string | false = await run('bash', ['-c', 'command -v curl']).then(
  () => false as const,
  () => 'bash and curl are not both here',
);

/** Runs one command in a folder, with the shell that its document is written for. */
export async function runCommand(command: string, cwd: string): Promise<Brought> {
  const { stdout } = await run('bash', ['-c', PRELUDE + command], { cwd, timeout: 30_000 });
  const [line = ''] = (await readFile(path.join(cwd, 'headers.txt'), 'utf8')).split('\r\n');
  return { status: Number(line.split(' ')[1]), body: jsonOrText(stdout) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
