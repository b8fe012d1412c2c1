import { defineFeature } from '../scenario.ts';
import { says } from './material.ts';

export const system = defineFeature({
  id: 'system',
  title: 'System instructions',
  kind: 'conversation',
  recorded: ['system'],
  settings: { system: 'You are terse.' },
  rounds: [{ said: { text: 'hi' }, answer: says('Hi.') }],
});
