import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { useEffect, useState } from 'react';

import { useLive, type LiveState } from './use-live.ts';

const EVENTS = ['call', 'skipped'] as const;
/** Attempts that are held; older ones stand in the log. */
const HELD_MAX = 500;

/** Attempts since the page was opened, the newest first. */
export interface LiveCalls {
  readonly state: LiveState;
  readonly calls: readonly RequestLog[];
  /** True where more came than anybody could be told: the log has all of them. */
  readonly hasSkipped: boolean;
}

/** Attempts as they are logged. `filters` as the log takes them; `undefined`: nothing is listened to. */
export function useLiveCalls(filters: Readonly<Record<string, string>> | undefined): LiveCalls {
  const path = filters && `/api/v1/logs/stream?${new URLSearchParams(filters).toString()}`;
  const [held, setHeld] = useState<Omit<LiveCalls, 'state'>>(NOTHING);
  useEffect(() => setHeld(NOTHING), [path]);
  const state = useLive(path, EVENTS, (name, data) => {
    if (name === 'skipped') return setHeld(({ calls }) => ({ calls, hasSkipped: true }));
    const call = JSON.parse(data) as RequestLog;
    return setHeld(({ calls, hasSkipped }) => ({ calls: [call, ...calls].slice(0, HELD_MAX), hasSkipped }));
  });
  return { state, ...held };
}

const NOTHING = { calls: [], hasSkipped: false };
