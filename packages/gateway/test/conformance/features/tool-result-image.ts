import { defineFeature } from '../scenario.ts';
import { asksWeather, PNG, says, WEATHER } from './material.ts';

export const toolResultImage = defineFeature({
  id: 'tool-result-image',
  title: 'Tool result: image',
  kind: 'conversation',
  needs: ['resultPicture'],
  cannot: [
    {
      upstreams: ['openai-chat'],
      facets: ['resultPictures', 'pictures', 'user'],
      reason: 'A tool message of Chat Completions holds text alone: the image follows in a message of the user.',
      loss: /image\/png.*\(moved\)/,
    },
  ],
  settings: { tools: [WEATHER] },
  rounds: [
    { said: { text: 'Weather map of Oslo?' }, answer: asksWeather('Oslo') },
    { said: { results: [{ text: 'the map', picture: PNG }] }, answer: says('A red point.') },
  ],
});
