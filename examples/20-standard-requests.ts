/** One request for every provider, built step by step, and an extension for those of one type. */
import {
  CoreRequestBuilder,
  newProviderFactory,
  registerDefaultProviders,
  type CoreProviderExtension,
} from '@patchbay/llm';

const factory = newProviderFactory();
registerDefaultProviders(factory);

const loud: CoreProviderExtension = {
  name: 'loud',
  version: '1.0.0',
  description: 'Answers in capitals.',
  standardToProvider: (request) => ({ ...request, temperature: 1 }),
  providerToStandard: (response) => response,
  providerToStandardChunk: (chunk) => ({ ...chunk, content: chunk.content.toUpperCase() }),
  validateOptions: ({ volume = 1 }) => (typeof volume === 'number' ? [] : ['volume must be a number.']),
  getCapabilities: () => ['chat', 'streaming', 'shouting'],
};
factory.coreExtensions.register('simulator', loud);

const core = factory.createCoreProvider('simulator', { defaultModel: 'echo' });
const request = new CoreRequestBuilder().withMessage({ role: 'user', content: 'one two' }).withMaxTokens(50).build();
console.log(core.getStandardCapabilities()); // → [ 'chat', 'streaming', 'shouting' ]

const { choices } = await core.generateStandardCompletion(request);
console.log(choices[0].message.content); // → one two

let text = '';
for await (const chunk of await core.generateStandardStream(request)) text += chunk.content;
console.log(text); // → ONE TWO

const wrong = { ...request, metadata: { volume: 'high' } };
console.log(core.validateStandardRequest(wrong)); // → [ 'volume must be a number.' ]
