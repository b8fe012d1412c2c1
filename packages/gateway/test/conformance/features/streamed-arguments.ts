import { defineFeature } from '../scenario.ts';
import { asksWeather, WEATHER } from './material.ts';

export const streamedArguments = defineFeature({
  id: 'streamed-arguments',
  title: 'Streamed arguments',
  kind: 'conversation',
  recorded: ['streaming_tool_args'],
  settings: { tools: [WEATHER] },
  rounds: [
    {
      said: { text: 'Weather in the city with the longest name?' },
      answer: asksWeather('Taumatawhakatangihanga\\koauauo "quoted" 👋 ' + 'é'.repeat(400)),
    },
  ],
});
