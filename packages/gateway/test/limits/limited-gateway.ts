import type { CallerLimits } from '../../src/identity/caller-limits.ts';
import type { Caller } from '../../src/identity/ports.ts';
import { provider, startGateway, TEST_SETTINGS, type TestGateway } from '../support/test-gateway.ts';
import type { LimitFoundations } from '../../src/compose-admission.ts';

/** A key whose holder may use so much. */
export const keyWith = (keyId: string, limits: Partial<CallerLimits>, userId?: string): Caller => ({
  keyId,
  label: keyId,
  limits: { budgetPeriod: 'month', unknownPrice: 'allow', ...limits },
  ...(userId !== undefined && { userId }),
});

/** A gateway whose keys are the ids of these callers, with OpenAI at `baseUrl`. */
export const startLimited = (
  baseUrl: string,
  callers: readonly Caller[],
  limits: LimitFoundations = {},
): Promise<TestGateway> =>
  startGateway(
    [provider('openai', baseUrl, 'sk-test-account'), provider('anthropic', baseUrl, 'sk-ant-test-account')],
    { egressAllow: ['127.0.0.1'], timeouts: { ...TEST_SETTINGS.timeouts, headersMs: 0, totalMs: 0 } },
    { limits, keys: { verify: (key) => callers.find(({ keyId }) => keyId === key) ?? 'unknown' } },
  );
