/** Lets a model call functions until it has its answer. */
import { createClient, runTools, tool } from '@patchbay/llm';
import { scriptedExchange } from '@patchbay/llm/testing';

// Without a key, a script plays the model: it asks for the weather, then answers.
const exchange = scriptedExchange([
  { toolCalls: [{ name: 'getWeather', arguments: { location: 'Paris' } }] },
  'It rains in Paris.',
]);
const client = createClient({ exchange, credentials: { anthropic: 'your-api-key' } });

const getWeather = tool({
  name: 'getWeather',
  description: 'Get weather for a location',
  inputSchema: {
    type: 'object',
    properties: { location: { type: 'string', description: 'City name' } },
    required: ['location'],
  },
  run: ({ location }) => {
    console.log('asked for', location); // → asked for Paris
    return { sky: 'rain' };
  },
});

const ask = { model: 'anthropic/claude-opus-5', prompt: "What's the weather in Paris?" };
const run = await runTools(client, ask, { tools: [getWeather] });
console.log(run.text); // → It rains in Paris.
console.log(run.end); // → answered
