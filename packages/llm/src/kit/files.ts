import { readIfThere, replaceFile, type FileSystem } from '../credentials/stores/file-system.ts';
import { builtinModule } from '../transport/builtin-module.ts';
import { ProviderError } from './provider-error.ts';

/** The text of a file, or `undefined` when there is none. Throws `invalid_config` where there are no files, or reading fails. */
export const readTextFile = (path: string): Promise<string | undefined> =>
  onFile(path, 'read', (files) => readIfThere(files, path));

/** Writes a file for its owner alone, whole or not at all. Throws as `readTextFile` does. */
export const writeTextFile = (path: string, text: string): Promise<void> =>
  onFile(path, 'written', (files) => replaceFile(files, path, text));

async function onFile<T>(path: string, does: string, work: (files: FileSystem) => Promise<T>): Promise<T> {
  const files = builtinModule<FileSystem>('node:fs/promises');
  if (files === undefined)
    throw fileError(`${path} cannot be ${does}: there are no files here. Give its text instead.`);
  try {
    return await work(files);
  } catch (error) {
    const { code = 'error' } = error as { readonly code?: string };
    throw fileError(`${path} could not be ${does} (${code}). See that its owner may read and write it.`, error);
  }
}

const fileError = (message: string, cause?: unknown): ProviderError =>
  new ProviderError({ code: 'invalid_config', message: `invalid_config: ${message}`, provider: 'file', cause });
