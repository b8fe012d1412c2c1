import * as z from 'zod/mini';

import { operation } from '../operation.ts';

/** Operations that tell of changes, by id. */
export const CHANGE_OPERATIONS = {
  'changes.follow': operation({
    id: 'changes.follow',
    face: 'catalogue',
    method: 'GET',
    path: '/api/changes/stream',
    permission: 'signed-in',
    summary:
      'Which resources change, whoever changes them, as server-sent events: `following` from when on, `changed` with `{"resources": […]}`.',
    output: z.unknown(),
    contentType: 'text/event-stream',
  }),
} as const;
