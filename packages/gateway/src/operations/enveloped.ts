import type { Clock } from '@patchbay/llm/model/clock';

import { timestamp } from './timestamp.ts';

/** The envelope that the older system routes wear, as of now. */
export const enveloped = <Data>(clock: Clock, data: Data) => ({
  success: true as const,
  data,
  timestamp: timestamp(clock.nowMs()),
});
