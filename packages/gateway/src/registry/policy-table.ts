import { ROTATIONS, type Rotation } from '@patchbay/llm/credentials/rotation';

import type { Repositories } from '../storage/ports.ts';
import { FollowedRows, type FollowedParts } from './followed-rows.ts';

/** What the policies are read from and followed by. */
export interface PolicyParts extends Pick<FollowedParts<unknown>, 'feed' | 'onError'> {
  readonly rows: Pick<Repositories, 'accountPolicies'>;
}

/** How administrators let the accounts of providers be chosen, in memory. */
export class StoredPolicies extends FollowedRows<ReadonlyMap<string, Rotation>> {
  constructor({ rows, feed, onError }: PolicyParts) {
    const read = async () => {
      const written = await rows.accountPolicies.all();
      const known = written.flatMap(({ id, policy }) => {
        const rotation = rotationOf(policy);
        return rotation === undefined ? [] : [[id, rotation] as const];
      });
      return new Map(known);
    };
    super({ table: 'account_policies', feed, onError, read, none: new Map() });
  }

  /** The one for a provider; `undefined` where nobody chose any. */
  of(providerId: string): Rotation | undefined {
    return this.kept.get(providerId);
  }
}

/** The way that a row names; `undefined` where it was written by hand and is none. */
export const rotationOf = (policy: string | undefined): Rotation | undefined =>
  ROTATIONS.find((each) => each === policy);
