import { defineFeature } from '../scenario.ts';
import { asksWeather, says, WEATHER } from './material.ts';

export const parallelTools = defineFeature({
  id: 'parallel-tools',
  title: 'Parallel tool calls',
  kind: 'conversation',
  recorded: ['parallel_tool_calls'],
  settings: { tools: [WEATHER] },
  rounds: [
    { said: { text: 'Weather in Oslo and Rome?' }, answer: { ...asksWeather('Oslo', 'Rome'), text: 'Both, then.' } },
    { said: { results: [{ text: 'snow' }, { text: 'sun' }] }, answer: says('Snow and sun.') },
  ],
});
