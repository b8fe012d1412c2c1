import { FAILURES } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Dress } from '../../serving/dress.ts';
import { pathOf, sendJson } from '../../serving/send-json.ts';

/** This interface's looks: failures are told with their code, time, request and path. */
export const catalogueDress = (clock: Clock): Dress => ({
  face: 'catalogue',
  sendFailure: (reply, failure) =>
    sendJson(reply, FAILURES[failure.code].status, {
      // When to come back is in a header.
      error: { ...failure, retryAfterMs: undefined },
      timestamp: new Date(clock.nowMs()).toISOString(),
      requestId: reply.request.id,
      path: pathOf(reply.request),
    }),
});
