import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file of settings that is there. */
export interface SettingsFile {
  readonly file: string;
  /** Rights as in `chmod`, e.g. 0o644. */
  readonly mode: number;
  /** True where it sets a key, a password or an address with one. */
  readonly hasSecrets: boolean;
  /** True where other users may enter the folder that it lies in. */
  readonly isReachable: boolean;
}

/** `.env` and `config.yaml` of the folder that the gateway was started in. */
export interface SettingsFiles {
  all(): Promise<readonly SettingsFile[]>;
  /** Takes everybody else's rights away; resolves to the rights that it had. */
  makePrivate(file: string): Promise<number>;
}

const NAMES = ['.env', 'config.yaml'];
/** A line that sets a secret to something. */
const SECRET_LINE =
  /^\s*(?:export\s+)?\w*(?:key|password|secret|token|database_url|redis_url)\w*\s*[=:]\s*['"]?[^\s'"#]/im;

/** The files of settings in `folder`. */
export const settingsFiles = (folder: string): SettingsFiles => ({
  all: async () =>
    (await Promise.all(NAMES.map((name) => look(path.join(folder, name))))).flatMap((each) => each ?? []),
  makePrivate: async (file) => {
    const before = (await stat(file)).mode & 0o777;
    await chmod(file, before & 0o700);
    return before;
  },
});

async function look(file: string): Promise<SettingsFile | undefined> {
  try {
    const { mode } = await stat(file);
    const around = await stat(path.dirname(file));
    const hasSecrets = SECRET_LINE.test(await readFile(file, 'utf8'));
    return { file, mode: mode & 0o777, hasSecrets, isReachable: (around.mode & 0o011) !== 0 };
  } catch {
    // Most have no such file, and what cannot be read here settings do not come from.
    return undefined;
  }
}
