import { defineFeature } from '../scenario.ts';
import { asksWeather, says, WEATHER } from './material.ts';

export const reasoningSigned = defineFeature({
  id: 'reasoning-signed',
  title: 'Reasoning with signature',
  kind: 'conversation',
  needs: ['signature'],
  recorded: ['thinking_signature'],
  settings: { tools: [WEATHER], thinks: true },
  rounds: [
    {
      said: { text: 'Think: weather in Oslo?' },
      answer: {
        ...asksWeather('Oslo'),
        thought: { text: 'I should look.', signature: 'c2lnbmVkLWJ5LXRoZS12ZW5kb3I=' },
      },
    },
    { said: { results: [{ text: 'snow' }] }, answer: says('Snow.') },
  ],
});
