import { useMutation, type UseMutationResult } from '@tanstack/react-query';

import { useCallingKey } from '../../lib/calling-key.ts';
import { answerText, type Replayable } from './replay-request.ts';

/** How a request fared the second time. */
export interface Replayed {
  readonly status: number;
  readonly requestId: string | null;
  readonly tookMs: number;
  /** The words of the answer, or what was said against it. */
  readonly text: string;
}

/** Sends a request once more as whoever is signed in: limited, logged and counted as their own call, and traced. */
export function useReplay(): UseMutationResult<Replayed, Error, Replayable> {
  const keyOf = useCallingKey();
  return useMutation({
    mutationFn: async ({ path, body }: Replayable) => {
      const key = await keyOf();
      const begunMs = performance.now();
      const answer = await globalThis.fetch(path, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-trace-enabled': 'true' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        requestId: answer.headers.get('x-request-id'),
        tookMs: Math.round(performance.now() - begunMs),
        text: answerText(text),
      };
    },
  });
}
