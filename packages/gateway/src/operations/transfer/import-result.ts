import type { ImportResult } from '@patchbay/contract/resources/transfer';

/** What became of one thing of a document. */
export interface ImportedThing {
  readonly type: 'provider' | 'model' | 'template';
  readonly identifier: string;
  readonly action: 'created' | 'updated' | 'skipped' | 'error';
  readonly message: string;
  /** True when something of that name was there before. */
  readonly conflict: boolean;
  /** Members that change, as they are and as they will be, without secrets. Absent for what is not changed. */
  readonly states?: States;
}

/** Members of a thing before and after a change, without secrets. */
export interface States {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** What changes in a row, as it is and as it will be; `shown` stands for members that hold secrets. */
export function statesOf(row: object, changes: object, shown: Partial<States> = {}): States {
  const names = Object.keys(changes);
  const those = (of: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)));
  return { before: those({ ...row, ...shown.before }), after: those({ ...changes, ...shown.after }) };
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

/** What an import would do, told like one that was done, with what would change in each thing. */
export function trialResult(things: readonly ImportedThing[]): ImportResult {
  const result = importResult(things);
  const details = result.details.map((each, at) => ({ ...each, ...things[at]?.states }));
  return { ...result, details };
}
