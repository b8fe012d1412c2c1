import type { KIT_OPERATIONS } from '@patchbay/contract/operations/kit';

import type { Handlers } from '../handler.ts';
import { providerChanges } from './change-provider.ts';
import { questionHandlers } from './generate.ts';
import { metricsHandlers } from './metrics.ts';
import type { KitParts } from './parts.ts';
import { providerViews } from './providers.ts';
import { signInHandlers } from './sign-in.ts';

/** What backends of the library do, done by the gateway. */
export const kitHandlers = (parts: KitParts): Handlers<keyof typeof KIT_OPERATIONS> => ({
  ...providerViews(parts),
  ...questionHandlers(parts),
  ...providerChanges(parts),
  ...metricsHandlers(parts),
  ...signInHandlers(parts),
});
