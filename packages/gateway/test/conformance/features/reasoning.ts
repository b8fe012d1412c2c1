import { defineFeature } from '../scenario.ts';
import { says } from './material.ts';

export const reasoning = defineFeature({
  id: 'reasoning',
  title: 'Reasoning without signature',
  kind: 'conversation',
  recorded: ['reasoning'],
  settings: { thinks: true },
  rounds: [{ said: { text: 'Think: 2 + 2?' }, answer: { ...says('4'), thought: { text: 'Two and two.' } } }],
});
