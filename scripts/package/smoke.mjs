/**
 * What a user does first, on whatever runtime runs this: asks whole, streamed and with tools, reads the catalogue, and
 * imports every entry. Takes the address of a simulator and the names of the entries. Writes `ok`, or throws.
 */
const [url, ...entries] = globalThis.process.argv.slice(2);

for (const name of entries) {
  const entry = await import(name === 'index' ? '@patchbay/llm' : `@patchbay/llm/${name}`);
  expect(Object.keys(entry).length > 0, `${name} exports something`);
}

const { createClient, loadCatalog, PROVIDERS } = await import('@patchbay/llm');
const { createFailoverFetch } = await import('@patchbay/llm/fetch');
const { createPatchbay } = await import('@patchbay/llm/ai-sdk');

const providers = [{ ...PROVIDERS.anthropic, baseUrl: url }, PROVIDERS.simulator];
const client = createClient({ providers, credentials: { anthropic: 'key' } });

const whole = await client.generate({ model: 'anthropic/echo', prompt: 'one two three' });
expect(whole.text === 'one two three', 'a whole answer');

let text = '';
for await (const piece of client.stream({ model: 'anthropic/echo', prompt: 'one two three' }).textStream) text += piece;
expect(text === 'one two three', 'a streamed answer');

const inputSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const called = await client.generate({ model: 'anthropic/tools', prompt: 'hi', tools: { weather: { inputSchema } } });
expect(called.toolCalls[0]?.arguments?.city === 'sample', 'a call of a tool');

const offline = await client.generate({ model: 'simulator/echo', prompt: 'no network' });
expect(offline.text === 'no network', 'the built-in simulator');

const failover = createFailoverFetch({ client, targets: ['anthropic/echo'] });
const body = JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'dropped in' }] });
const response = await failover('https://api.openai.com/v1/chat/completions', { method: 'POST', body });
expect((await response.json()).choices[0].message.content === 'dropped in', 'an answer in the dialect of an SDK');

const model = createPatchbay({ client }).languageModel('anthropic/echo');
const prompt = [{ role: 'user', content: [{ type: 'text', text: 'by the AI SDK' }] }];
const { content } = await model.doGenerate({ prompt });
expect(content[0].text === 'by the AI SDK', 'an answer for the AI SDK');

const catalog = await loadCatalog();
expect(catalog.findModel('openai', 'gpt-4o') !== undefined, 'a model of the catalogue');

globalThis.console.log('ok');

function expect(holds, what) {
  if (!holds) throw new Error(`This fails here: ${what}.`);
}
