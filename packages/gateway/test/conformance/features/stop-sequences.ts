import { defineFeature } from '../scenario.ts';
import { says } from './material.ts';

export const stopSequences = defineFeature({
  id: 'stop-sequences',
  title: 'Stop sequences',
  kind: 'conversation',
  needs: ['stops'],
  recorded: ['stop_sequences'],
  cannot: [
    {
      upstreams: ['openai-responses'],
      facets: ['stops'],
      reason: 'The Responses API has no stop sequences.',
      loss: /stop.*\(dropped\)/i,
    },
  ],
  settings: { stops: ['END', '###'] },
  rounds: [{ said: { text: 'Count to END.' }, answer: says('One, two, ') }],
});
