import type { ImportResult } from '@patchbay/contract/resources/transfer';

/** What is asked again once configuration was brought in. */
export const STALE = [
  'providers.list',
  'providers.get',
  'models.list',
  'models.get',
  'templates.list',
  'backups.list',
  'audit.list',
] as const;

/** What can become of one thing of a document. */
export type Outcome = ImportResult['details'][number]['action'];

/** Outcomes in the order in which they are told: what needs eyes comes first. */
export const OUTCOMES: readonly { readonly outcome: Outcome; readonly would: string; readonly did: string }[] = [
  { outcome: 'error', would: 'Cannot be taken', did: 'Could not be taken' },
  { outcome: 'updated', would: 'To be changed', did: 'Changed' },
  { outcome: 'created', would: 'To be added', did: 'Added' },
  { outcome: 'skipped', would: 'Left as they are', did: 'Left as they were' },
];

/** What becomes of things that are there already, by the API's words. */
export const RESOLUTIONS = [
  { value: 'merge', label: 'Change what the file names', hint: 'Members that the file does not name stay.' },
  { value: 'replace', label: 'Replace', hint: 'They become what the file says; secrets that it leaves out stay.' },
  { value: 'skip', label: 'Leave', hint: 'Only what is new is added.' },
  { value: 'rename', label: 'Add under another name', hint: 'Providers are added a second time.' },
] as const;

/** One of those. */
export type Resolution = (typeof RESOLUTIONS)[number]['value'];

/** What to know of a passphrase that is thought of. */
export const PASSPHRASE_HINT = 'At least 12 characters. Keep it: nobody can open the secrets without it.';

const NAME_LENGTH = 8;

/** What a backup is called where it is shown and confirmed: the beginning of its id. */
export const nameOf = ({ id }: { readonly id: string }): string => id.slice(0, NAME_LENGTH);
