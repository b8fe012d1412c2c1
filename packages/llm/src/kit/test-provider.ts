import { systemClock, type Clock } from '../model/clock.ts';
import type { ChatCallOptions } from './generate-options.ts';
import type { Provider } from './provider.ts';
import { testFailureOf, type TestResult } from './test-result.ts';

/** How a provider is tested. */
export interface TestOptions extends ChatCallOptions {
  /** Looks anew although the last look is fresh. Default false. */
  readonly bypassCache?: boolean;
}

/** Tests providers and remembers for a while what it found. */
export interface ConnectivityTester {
  /** Asks the provider for its models, which costs nothing. Never throws: the result says what is wrong. */
  test(provider: Provider, options?: TestOptions): Promise<TestResult>;
}

/** How long a result counts, in milliseconds. */
const FRESH_MS = 30_000;

/** A tester whose results count for `freshMs` milliseconds, for each provider apart. Who asks meanwhile waits for one look. */
export function newConnectivityTester({
  clock = systemClock,
  freshMs = FRESH_MS,
}: { readonly clock?: Clock; readonly freshMs?: number } = {}): ConnectivityTester {
  const looks = new WeakMap<Provider, { readonly result: Promise<TestResult>; readonly untilMs: number }>();
  return {
    test(provider, { bypassCache = false, ...call } = {}) {
      const last = looks.get(provider);
      if (!bypassCache && last !== undefined && clock.monotonicMs() < last.untilMs) return last.result;
      const result = testOnce(provider, { clock, work: () => provider.healthCheck(call) });
      looks.set(provider, { result, untilMs: clock.monotonicMs() + freshMs });
      return result;
    },
  };
}

/** Tokens that a test's answer may have: reasoning models think before they speak. */
const TEST_TOKENS = 64;

/** Has a model answer in a word, which costs a little. Default: the provider's default model. Never throws. */
export function testModel(
  provider: Provider,
  model = provider.getDefaultModel(),
  { clock = systemClock, ...call }: ChatCallOptions & { readonly clock?: Clock } = {},
): Promise<TestResult> {
  const work = async (): Promise<void> => {
    const options = { prompt: 'Answer with OK.', maxTokens: TEST_TOKENS, ...(model !== '' && { model }) };
    const stream = await provider.generateChatCompletion(options, call);
    for await (const _ of stream);
  };
  return testOnce(provider, { clock, work, ...(model !== '' && { model }) });
}

interface Look {
  readonly clock: Clock;
  readonly work: () => Promise<void>;
  readonly model?: string;
}

async function testOnce(provider: Provider, { clock, work, model }: Look): Promise<TestResult> {
  const startedMs = clock.monotonicMs();
  const about = { provider: provider.name(), timestamp: clock.nowMs(), ...(model !== undefined && { model }) };
  try {
    await work();
    const responseTime = clock.monotonicMs() - startedMs;
    return { status: 'success', phase: 'completed', message: 'ok', retryable: false, responseTime, ...about };
  } catch (error) {
    const usesOAuth = (provider.getConfig().oauthCredentials ?? []).length > 0;
    return { ...testFailureOf(error, { usesOAuth }), responseTime: clock.monotonicMs() - startedMs, ...about };
  }
}
