/** What goes wrong, what of it passes by itself, and when to come back. */
import { newProviderFactory, ProviderError, registerDefaultProviders } from '@patchbay/llm';
import { faultyExchange, scriptedExchange, type FaultPlan } from '@patchbay/llm/testing';

function providerWith(faults: FaultPlan, maxRetries: number) {
  const factory = newProviderFactory({ exchange: faultyExchange(scriptedExchange(['Hello.']), faults) });
  registerDefaultProviders(factory);
  return factory.createProvider('openai', { apiKey: 'your-api-key', maxRetries });
}

const limited = providerWith([{ kind: 'status', status: 429, retryAfterS: 7 }], 0);
try {
  await limited.generateChatCompletion({ prompt: 'Hi' });
} catch (error) {
  if (!(error instanceof ProviderError)) throw error;
  console.log(error.code, error.statusCode, error.retryAfter, error.isRetryable()); // → rate_limit 429 7 true
}

const shaky = providerWith([{ kind: 'reset' }], 3);
const stream = await shaky.generateChatCompletion({ prompt: 'Hi' });
console.log((await stream.next()).content); // → Hello.
