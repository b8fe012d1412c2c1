import type { AnswerOf, Asked } from '@patchbay/contract';
import type { PROXY_OPERATIONS } from '@patchbay/contract/operations/proxies';
import type { Clock } from '@patchbay/llm/model/clock';

import type { ProbeFinding } from '../../egress/proxy-health.ts';
import type { ProxyAddress } from '../../egress/proxy-url.ts';
import type { RowSecrets } from '../../storage/ports.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { RegistryPort, Rows } from '../ports.ts';

/** What operations on outbound proxies need. */
export interface ProxyParts {
  readonly rows: Pick<Rows, 'proxies' | 'accounts' | 'transaction'>;
  readonly secrets: Pick<RowSecrets, 'openProxyPassword'>;
  /** Makes the proxies that calls go through follow their rows at once. */
  readonly pool: RegistryPort;
  /** Tries a proxy now. */
  readonly probe: (proxy: ProxyAddress, id: string) => Promise<ProbeFinding>;
  readonly clock: Clock;
}

type ProxyOperations = typeof PROXY_OPERATIONS;

/** A handler for each operation on proxies. */
export type ProxyHandlers = {
  readonly [Id in keyof ProxyOperations]: (
    asked: Asked<ProxyOperations[Id]>,
    circumstances: Circumstances,
  ) => Promise<Answer<AnswerOf<ProxyOperations[Id]>>>;
};
