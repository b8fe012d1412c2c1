import type { Clock } from '@patchbay/llm/model/clock';

import type { AreaLog } from '../telemetry/area-log.ts';
import type { Answer, Circumstances, Handlers } from './handler.ts';

/** Resources of the catalogue of providers, which guides debug under one name. */
const CATALOGUE = new Set(['providers', 'models', 'templates', 'transfer', 'registry']);

/** Under which area an operation is told of: `dynamic-providers:registry`, `patchbay:users`. */
export function areaOf(operationId: string): string {
  const resource = operationId.split('.')[0] ?? '';
  return `${CATALOGUE.has(resource) ? 'dynamic-providers' : 'patchbay'}:${resource}`;
}

type AnyHandler = (asked: unknown, circumstances: Circumstances) => Promise<Answer<unknown>>;

/** The same handlers, of which those whose area somebody debugs tell what was asked for, by whom, and how it went. */
export function toldHandlers(handlers: Handlers, log: AreaLog | undefined, clock: Clock): Handlers {
  if (log === undefined) return handlers;
  const told = Object.entries(handlers as unknown as Readonly<Record<string, AnyHandler>>).map(([id, handler]) => [
    id,
    log.wants(areaOf(id)) ? toldHandler(id, handler, log, clock) : handler,
  ]);
  return Object.fromEntries(told) as Handlers;
}

const toldHandler =
  (id: string, handler: AnyHandler, log: AreaLog, clock: Clock): AnyHandler =>
  async (asked, circumstances) => {
    const startedMs = clock.monotonicMs();
    const { requestId, principal } = circumstances;
    const tell = (outcome: string): void =>
      log.tell(areaOf(id), id, {
        requestId,
        by: principal?.name,
        outcome,
        ms: Math.round(clock.monotonicMs() - startedMs),
      });
    try {
      const answer = await handler(asked, circumstances);
      tell(answer.ok ? 'done' : answer.failure.code);
      return answer;
    } catch (error) {
      tell(error instanceof Error ? error.message : 'failed');
      throw error;
    }
  };
