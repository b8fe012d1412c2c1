import { defineFeature } from '../scenario.ts';
import { asksWeather, WEATHER } from './material.ts';

export const singleTool = defineFeature({
  id: 'single-tool',
  title: 'One tool call',
  kind: 'conversation',
  recorded: ['tool_call'],
  settings: { tools: [WEATHER] },
  rounds: [{ said: { text: 'Weather in Oslo?' }, answer: asksWeather('Oslo') }],
});
