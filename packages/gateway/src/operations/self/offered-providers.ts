import { AUTH_KINDS } from '@patchbay/contract/resources/account';

import { done, type Handler } from '../handler.ts';

/** Providers as the list of them knows each. */
export interface OfferedParts {
  /** Every provider of the settings, of rows and of the product, by the name that accounts belong to it by. */
  readonly offered: () => readonly { readonly id: string; readonly name: string; readonly baseUrl: string }[];
  /** Those that can be called now. */
  readonly isActive: (id: string) => boolean;
}

/** Providers that accounts can belong to. */
export const listOffered =
  ({ offered, isActive }: OfferedParts): Handler<'offered.providers'> =>
  () => {
    const providers = offered().map(({ id, name, baseUrl }) => ({
      id,
      name,
      base_url: baseUrl,
      supported_auth_types: [...AUTH_KINDS],
      is_active: isActive(id),
    }));
    return Promise.resolve(done({ providers, total: providers.length }));
  };
