/** Providers from a file: what is explicit counts before variables, those before defaults. */
import { createProviders, newProviderFactory, parseConfig, registerDefaultProviders } from '@patchbay/llm';

const config = await parseConfig(
  `
providers:
  openai:
    enabled: true
    api_key: \${OPENAI_API_KEY}
    model: gpt-4
    timeout: 30
  anthropic:
    enabled: false
  simulator:
    model: echo
`,
  { env: { OPENAI_API_KEY: 'sk-of-the-example' } },
);
console.log(Object.keys(config.providers), config.disabled); // → [ 'openai', 'simulator' ] [ 'anthropic' ]

const factory = newProviderFactory();
registerDefaultProviders(factory);
const providers = createProviders(factory, config);
const { timeout, maxRetries, apiKey } = providers['openai']?.getConfig() ?? {};
console.log(timeout, maxRetries, String(apiKey)); // → 30000 3 [secret]
