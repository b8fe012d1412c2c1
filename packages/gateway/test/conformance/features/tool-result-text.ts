import { defineFeature } from '../scenario.ts';
import { asksWeather, says, WEATHER } from './material.ts';

export const toolResultText = defineFeature({
  id: 'tool-result-text',
  title: 'Tool result: text',
  kind: 'conversation',
  recorded: ['tool_results'],
  settings: { tools: [WEATHER] },
  rounds: [
    { said: { text: 'Weather in Oslo?' }, answer: asksWeather('Oslo') },
    { said: { results: [{ text: 'snow, -3 °C' }] }, answer: asksWeather('Rome') },
    { said: { results: [{ text: 'sun' }] }, answer: says('Snow there, sun here.') },
  ],
});
