import { defineProvider } from '../define-provider.ts';

/**
 * The built-in fake upstream: no network, no key, every format that callers speak, and vectors of texts. Its host can
 * never resolve, so a request that is not answered by `simulatorExchange` fails instead of leaving the machine. Models
 * are the scripts, e.g. `simulator/echo`. At the paths of other providers it speaks their dialects: see `places.ts`.
 */
export const simulator = defineProvider({
  id: 'simulator',
  name: 'Simulator',
  baseUrl: 'http://simulator.invalid/v1',
  auth: [{ kind: 'none' }],
  speaks: [
    { format: 'openai-chat', path: '/chat/completions' },
    { format: 'anthropic-messages', path: '/messages' },
    { format: 'openai-responses', path: '/responses' },
    {
      format: 'gemini',
      path: '/models/{model}:generateContent',
      streamPath: '/models/{model}:streamGenerateContent?alt=sse',
    },
  ],
  envPrefix: 'SIMULATOR',
  models: { listPath: '/models' },
  serves: { embeddings: { path: '/embeddings' } },
});
