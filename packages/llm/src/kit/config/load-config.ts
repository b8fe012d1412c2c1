import { invalidConfig } from '../check-config.ts';
import { readTextFile } from '../files.ts';
import { processEnvironment } from './environment.ts';
import { parseConfig, type ConfigOptions, type KitConfig } from './parse-config.ts';

/** Where a config is looked for when nobody says where. */
export const DEFAULT_CONFIG_FILE = 'config.yaml';

/**
 * Reads a config from a YAML file, as `parseConfig` does. Without a path the file is `CONFIG_FILE`, then `config.yaml`; only
 * the last may be missing: variables alone are read then. Needs a runtime with files; elsewhere use `parseConfig`.
 */
export async function loadConfig(path?: string, options: ConfigOptions = {}): Promise<KitConfig> {
  const env = options.env ?? processEnvironment();
  const named = path ?? (env['CONFIG_FILE'] || undefined);
  const text = await readTextFile(named ?? DEFAULT_CONFIG_FILE);
  if (text === undefined && named !== undefined)
    throw invalidConfig('config', [`${named} does not exist. Make it, or name another with CONFIG_FILE.`]);
  return parseConfig(text ?? '', { ...options, env });
}
