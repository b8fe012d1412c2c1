import type { KIT_OPERATIONS } from '@patchbay/contract/operations/kit';

import type { Handlers } from '../handler.ts';
import { questionHandlers } from './generate.ts';
import type { KitParts } from './parts.ts';
import { providerViews } from './providers.ts';

/** What backends of the library do, done by the gateway. */
export const kitHandlers = (parts: KitParts): Handlers<keyof typeof KIT_OPERATIONS> => ({
  ...providerViews(parts),
  ...questionHandlers(parts),
});
