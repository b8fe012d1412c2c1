import type { Answer, Tool } from '../scenario.ts';

/** One red point. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** A document without pages. */
export const PDF =
  'JVBERi0xLjEKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbXS9Db3VudCAwPj5lbmRvYmoKdHJhaWxlcjw8L1Jvb3QgMSAwIFI+PgolJUVPRgo=';

export const WEATHER: Tool = {
  name: 'weather',
  description: 'The weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', description: 'Name of the city.' } },
    required: ['city'],
    additionalProperties: false,
  },
};

export const USAGE: Answer['usage'] = { input: 21, cacheRead: 0, output: 9 };

/** An answer that calls the weather of each city, side by side. */
export const asksWeather = (...cities: readonly string[]): Answer => ({
  calls: cities.map((city) => ({ name: WEATHER.name, input: { city } })),
  finish: 'tools',
  usage: USAGE,
});

/** A plain answer. */
export const says = (text: string): Answer => ({ text, finish: 'end', usage: USAGE });
