/** Changes requests and answers on their way, and logs them without what is secret. */
import { newPluginManager, withLogging, withPlugins } from '@patchbay/llm';
import { newMockProvider, setMockResponse } from '@patchbay/llm/testing';

const mock = newMockProvider('mock');
setMockResponse(mock, ({ prompt }) => `heard: ${prompt}`);

const plugins = newPluginManager();
await plugins.register({
  name: 'polite',
  preRequest: (options) => ({ ...options, prompt: `${options.prompt} Please.` }),
  postResponse: (chunk) => ({ ...chunk, content: chunk.content.toUpperCase() }),
});

const lines: string[] = [];
const keep = (message: string): void => void lines.push(message);
const logger = { debug: keep, info: keep, warn: keep, error: keep };
const provider = withLogging({ logger })(withPlugins(mock, plugins));
const stream = await provider.generateChatCompletion({ prompt: 'Go.' });
console.log((await stream.next()).content); // → HEARD: GO. PLEASE.
console.log(lines[0]); // → Request started
