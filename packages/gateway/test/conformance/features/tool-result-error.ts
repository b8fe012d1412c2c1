import { defineFeature } from '../scenario.ts';
import { asksWeather, says, WEATHER } from './material.ts';

export const toolResultError = defineFeature({
  id: 'tool-result-error',
  title: 'Tool result: error',
  kind: 'conversation',
  needs: ['resultError'],
  cannot: [
    {
      upstreams: ['openai-chat', 'openai-responses', 'ollama-chat'],
      facets: ['results'],
      reason: 'The result of a tool has no mark of failure there: its words alone say it.',
      loss: /error mark.*\(approximated\)/,
    },
  ],
  settings: { tools: [WEATHER] },
  rounds: [
    { said: { text: 'Weather in Oslo?' }, answer: asksWeather('Oslo') },
    { said: { results: [{ text: 'no such city', isError: true }] }, answer: says('I cannot find it.') },
  ],
});
