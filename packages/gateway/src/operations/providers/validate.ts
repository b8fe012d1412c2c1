import { readInput } from '@patchbay/contract';
import type { ValidationError } from '@patchbay/contract';
import { CreateProvider } from '@patchbay/contract/resources/provider';

import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { checkProvider, providerWarnings } from './check-provider.ts';
import { findProvider } from './find-provider.ts';
import { identifierProblem } from './identifier.ts';
import { suggestFree } from './provider-exists.ts';

/** Checks a provider as if it were to be made. What is wrong is the answer. */
export const validateProvider =
  ({ rows }: ManagementParts): Handler<'providers.validate'> =>
  async ({ body }) => {
    const read = readInput(CreateProvider, body);
    if (!read.ok) return done({ valid: false, errors: read.errors.map(plainError), warnings: [] });
    const checked = checkProvider(read.value);
    const errors = checked.ok ? [] : (checked.failure.validationErrors ?? [asError(checked.failure)]);
    const taken = (await findProvider(rows, read.value.identifier)) && {
      field: 'identifier',
      message: `\`${read.value.identifier}\` is taken. Free is \`${await suggestFree(rows, read.value.identifier)}\`.`,
    };
    const all = [...errors.map(plainError), ...(taken ? [taken] : [])];
    return done({ valid: all.length === 0, errors: all, warnings: providerWarnings(read.value).map(plainError) });
  };

const plainError = ({ field, message }: ValidationError) => ({ field, message });

const asError = ({ field = '', message }: { readonly field?: string; readonly message: string }): ValidationError => ({
  field,
  message,
});

/** Whether an identifier is free, and one that is where it is not. */
export const checkIdentifier =
  ({ rows }: ManagementParts): Handler<'providers.checkIdentifier'> =>
  async ({ params: { identifier } }) => {
    const problem = identifierProblem(identifier);
    if (problem !== undefined) return refused(problem);
    const [taken] = await rows.providers.all({ identifier });
    if (taken === undefined) return done({ identifier, available: true });
    return done({ identifier, available: false, suggestions: [await suggestFree(rows, identifier)] });
  };
