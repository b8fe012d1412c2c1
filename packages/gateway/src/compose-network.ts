import { systemClock } from '@patchbay/llm/model/clock';

import { blobOrigins } from './blobs/open-blobs.ts';
import type { OAuthSetting } from './config/oauth-settings.ts';
import type { Settings } from './config/settings.ts';
import { guardedConnect } from './egress/guarded-connect.ts';
import { createEgressPolicy, type EgressPolicy } from './egress/policy.ts';
import { DeadlineWheel } from './relay/deadline-wheel.ts';
import { http1Upstream, type NetworkUpstream } from './relay/http1/http1-upstream.ts';

/** The guarded way out, and what watches over its deadlines. */
export interface Network {
  readonly policy: EgressPolicy;
  readonly wheel: DeadlineWheel;
  /** Where everything goes that goes through no proxy. */
  readonly network: NetworkUpstream;
}

/** Builds the way out by what the operator allows. */
export function composeNetwork(settings: Settings): Network {
  const wheel = new DeadlineWheel(systemClock);
  const policy = egressPolicyOf(settings);
  return { policy, wheel, network: http1Upstream(guardedConnect(policy, systemClock), wheel) };
}

/** Where calls may go: to public addresses and to those that the operator named. */
const egressPolicyOf = ({ egressAllow, providers, addresses, oauth, generation, management }: Settings): EgressPolicy =>
  createEgressPolicy(egressAllow, [
    ...providers.flatMap(({ baseUrl }) => baseUrl ?? []),
    ...(addresses?.values() ?? []),
    ...oauth.flatMap(namedOrigins),
    ...(management.doctor?.webhookUrl === undefined ? [] : [management.doctor.webhookUrl]),
    ...blobOrigins(generation.blobs),
  ]);

/** Addresses of authorization servers that the operator named. */
const namedOrigins = ({ definition, endpoints, issuer }: OAuthSetting): readonly string[] => [
  ...(issuer === undefined ? [] : [issuer]),
  ...(endpoints === undefined || endpoints === definition.endpoints
    ? []
    : Object.entries(endpoints).flatMap(([name, url]) => (definition.endpoints?.[name as never] === url ? [] : [url]))),
];
