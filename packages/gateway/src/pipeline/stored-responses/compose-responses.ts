import type { Clock } from '@patchbay/llm/model/clock';

import type { ModelDirectory } from '../ports.ts';
import type { SpokenFormats } from '../spoken-formats.ts';
import type { Stage } from '../stage.ts';
import { BackgroundRuns } from './background-runs.ts';
import { continueResponses } from './continue-responses.ts';
import type { ResponseStore } from './kept-response.ts';
import { ResponseDesk } from './response-desk.ts';
import { ResponseIssuers } from './response-issuers.ts';
import { ResponseShelf } from './response-shelf.ts';

export interface ResponsesParts {
  readonly store: ResponseStore;
  /** How long answers are kept, in days; more than 0. */
  readonly retentionDays: number;
  readonly directory: ModelDirectory;
  readonly formats: SpokenFormats;
  readonly clock: Clock;
  /** A new id for an answer: `resp_` and 32 hexadecimal digits. */
  readonly newId: () => string;
  readonly onError: (error: unknown) => void;
}

/** Answers that are made at a time while nobody waits: each holds a stream in memory. */
const BACKGROUND_MAX = 100;
const DAY_MS = 86_400_000;

/** Everything about kept answers, and what an earlier process left unfinished told to have failed. */
export function composeResponses({ store, retentionDays, clock, onError, ...known }: ResponsesParts): {
  readonly stage: Stage;
  readonly desk: ResponseDesk;
  /** Ends what is under way and writes what waits. */
  readonly close: () => Promise<void>;
} {
  const shelf = new ResponseShelf({ store, clock, retentionMs: retentionDays * DAY_MS, onError });
  const issuers = new ResponseIssuers();
  const background = new BackgroundRuns({ shelf, issuers, clock, runningMax: BACKGROUND_MAX, onError });
  background.failUnfinished().catch(onError);
  void shelf.sweep();
  return {
    stage: continueResponses({ ...known, shelf, background, issuers, clock }),
    desk: new ResponseDesk({ shelf, background, issuers }),
    close: async () => {
      await background.close();
      await shelf.close();
    },
  };
}
