import type { ImportResult } from '@patchbay/contract/resources/transfer';

/** What became of one thing of a document. */
export interface ImportedThing {
  readonly type: 'provider' | 'model' | 'template';
  readonly identifier: string;
  readonly action: 'created' | 'updated' | 'skipped' | 'error';
  readonly message: string;
  /** True when something of that name was there before. */
  readonly conflict: boolean;
}

/** The whole of an import, told and counted. */
export function importResult(things: readonly ImportedThing[]): ImportResult {
  const count = (matches: (thing: ImportedThing) => boolean): number => things.filter(matches).length;
  const brought = (type: ImportedThing['type']): number =>
    count((each) => each.type === type && (each.action === 'created' || each.action === 'updated'));
  const errors = things.flatMap(({ action, type, identifier, message }) =>
    action === 'error' ? [`${type} ${identifier}: ${message}`] : [],
  );
  return {
    success: errors.length === 0,
    imported: count(({ action }) => action === 'created'),
    updated: count(({ action }) => action === 'updated'),
    skipped: count(({ action }) => action === 'skipped'),
    errors,
    summary: {
      providersImported: brought('provider'),
      modelsImported: brought('model'),
      templatesImported: brought('template'),
      conflicts: count(({ conflict }) => conflict),
      errors: errors.length,
    },
    details: things.map(({ type, identifier, action, message }) => ({ type, identifier, action, message })),
  };
}
