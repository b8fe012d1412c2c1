import { Secret } from '@patchbay/llm/credentials/secret';

import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { placeholderSentence } from './check-provider.ts';
import { findProvider, providerNotFound } from './find-provider.ts';
import { isPlaceholderKey } from './placeholder-key.ts';
import { openAuth } from './show-provider.ts';
import { testProvider } from './test-later.ts';

/** Tries a provider now. That it cannot be reached is a result; a key copied from a guide is named. */
export const tryProvider =
  (parts: ManagementParts): Handler<'providers.test'> =>
  async ({ params: { id } }, { signal }) => {
    const row = await findProvider(parts.rows, id);
    if (row === undefined) return refused(providerNotFound(id));
    const { fields } = await openAuth(parts.secrets, row);
    const placeholders = Object.entries(fields).flatMap(([name, field]) =>
      field instanceof Secret && isPlaceholderKey(field) ? [placeholderSentence(`authConfig.fields.${name}`)] : [],
    );
    const result = await testProvider(parts, row, signal);
    return done({ ...result, errors: [...placeholders, ...result.errors] });
  };
