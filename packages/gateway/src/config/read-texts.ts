import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { SettingTexts } from './gather.ts';

/** Reads `.env` and `config.yaml` of a folder, where they are; `environment` is handed through. */
export function readSettingTexts(folder: string, environment: SettingTexts['environment']): SettingTexts {
  const dotenv = readIfThere(path.join(folder, '.env'));
  const yaml = readIfThere(path.join(folder, 'config.yaml'));
  return { environment, ...(dotenv !== undefined && { dotenv }), ...(yaml !== undefined && { yaml }) };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') return undefined;
    throw new Error(`${file} cannot be read (${code ?? 'unknown'}).`, { cause: error });
  }
}
