import type { ConfigEntry } from '@patchbay/contract/resources/system';

/** Where a value comes from, in a word. */
export const SOURCES: Readonly<Record<ConfigEntry['source'], string>> = {
  explicit: 'command',
  environment: 'environment',
  file: 'file',
  default: 'default',
  runtime: 'changed here',
};

/** A value as one line; a setting without one says so. */
export const shownValue = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '—';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
