import { NO_USAGE } from '@patchbay/llm/model/usage';
/** The record of an attempt that succeeded, changed as the test says. */
export const sampleAttempt = (changes = {}) => ({
  number: 1,
  providerId: 'openai',
  accountId: 'openai-1',
  model: 'gpt-5-mini',
  startedAtMs: 1_000,
  latencyMs: 1_200,
  firstTokenMs: 300,
  state: 'success',
  status: 200,
  usage: { ...NO_USAGE, inputTokens: 12, outputTokens: 30 },
  ...changes,
});
/** The record of a call that succeeded at its first attempt, changed as the test says. */
export const sampleCall = (changes = {}) => ({
  requestId: 'request-1',
  startedAtMs: 1_000,
  registryVersion: 1,
  clientFormat: 'openai-chat',
  route: '/v1/chat/completions',
  keyId: 'AbCdEf123456',
  requestedModel: 'openai/gpt-5-mini',
  stream: true,
  express: true,
  status: 200,
  state: 'success',
  durationMs: 1_234,
  attempts: [sampleAttempt()],
  losses: [],
  ...changes,
});
//# sourceMappingURL=sample-call.js.map
