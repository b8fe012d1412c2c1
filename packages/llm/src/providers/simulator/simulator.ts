import { defineProvider } from '../define-provider.ts';

/**
 * The built-in fake upstream: no network, no key, both formats. Its host can never resolve, so a request that is not
 * answered by `simulatorExchange` fails instead of leaving the machine. Models are the scripts, e.g. `simulator/echo`.
 */
export const simulator = defineProvider({
  id: 'simulator',
  name: 'Simulator',
  baseUrl: 'http://simulator.invalid/v1',
  auth: [{ kind: 'none' }],
  speaks: [
    { format: 'openai-chat', path: '/chat/completions' },
    { format: 'anthropic-messages', path: '/messages' },
  ],
  envPrefix: 'SIMULATOR',
  models: { listPath: '/models' },
});
