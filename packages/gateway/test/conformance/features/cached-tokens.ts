import { defineFeature } from '../scenario.ts';

export const cachedTokens = defineFeature({
  id: 'cached-tokens',
  title: 'Cached tokens',
  kind: 'conversation',
  needs: ['cached'],
  recorded: ['cached_tokens'],
  settings: { system: 'A long and well-known beginning.' },
  rounds: [
    {
      said: { text: 'hi' },
      answer: { text: 'Hi.', finish: 'end', usage: { input: 2000, cacheRead: 1900, output: 3 } },
    },
  ],
});
