import { WATCHED_RESOURCES, type Changed, type WatchedResource } from '@patchbay/contract/resources/change';
import type { Clock } from '@patchbay/llm/model/clock';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';

import type { Changefeed, WatchedTable } from '../../storage/ports.ts';

/** What changes are followed with. */
export interface FollowChangesParts {
  readonly feed: Pick<Changefeed, 'watch'>;
  readonly clock: Clock;
}

/** Where each resource is kept. */
const TABLES: Readonly<Record<WatchedResource, readonly WatchedTable[]>> = {
  providers: ['providers'],
  models: ['models'],
  templates: ['provider_templates'],
  accounts: ['accounts', 'account_policies'],
  proxies: ['proxy_pool'],
  keys: ['api_keys', 'data_plane_keys'],
  mappings: ['model_mappings'],
  users: ['users'],
};

const RESOURCES = Object.keys(WATCHED_RESOURCES) as readonly WatchedResource[];

/** Shortest time between two events, in milliseconds: an import that writes a thousand rows is told of a few times. */
const PACE_MS = 250;
/** A comment after so much silence, so that nothing on the way takes the connection for dead, in milliseconds. */
const HEARTBEAT_MS = 15_000;
/** A stream then ends and the browser begins another: who may listen is asked again, in milliseconds. */
const LIFE_MS = 600_000;

/**
 * Which of these resources change, by any process of the gateway or by hand, as frames of an event stream. It tells that
 * something changed and not what: whoever wants to know reads it, and sees what they may.
 */
export async function* followChanges(
  { feed, clock }: FollowChangesParts,
  wanted: readonly WatchedResource[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const endsMs = clock.monotonicMs() + LIFE_MS;
  const changed = new Set<WatchedTable>();
  const begun = Promise.withResolvers<void>();
  let isFollowing = false;
  const stop = feed.watch(
    wanted.flatMap((each) => TABLES[each]),
    (tables) => {
      // The first time all tables are named: that is how they are, and no change.
      if (isFollowing) for (const each of tables) changed.add(each);
      isFollowing = true;
      begun.resolve();
    },
  );
  signal.addEventListener('abort', () => begun.resolve(), { once: true });
  try {
    let silentSinceMs = clock.monotonicMs();
    yield ': here\n\n';
    if (wanted.length > 0) await begun.promise;
    yield encodeFrame({ event: 'following', data: '{}' });
    while (!signal.aborted && clock.monotonicMs() < endsMs) {
      await clock.sleep(PACE_MS, signal);
      const resources = wanted.filter((each) => TABLES[each].some((table) => changed.has(table)));
      changed.clear();
      const isSilent = resources.length === 0 && clock.monotonicMs() - silentSinceMs >= HEARTBEAT_MS;
      if (resources.length > 0)
        yield encodeFrame({ event: 'changed', data: JSON.stringify({ resources } satisfies Changed) });
      if (isSilent) yield ': still here\n\n';
      if (isSilent || resources.length > 0) silentSinceMs = clock.monotonicMs();
    }
  } finally {
    stop();
  }
}

/** The resources that somebody with these permissions hears of. */
export const heardBy = (permissions: ReadonlySet<string>): readonly WatchedResource[] =>
  RESOURCES.filter((each) => permissions.has(WATCHED_RESOURCES[each]));
