import { defineFeature } from '../scenario.ts';
import { says } from './material.ts';

export const lengthStop = defineFeature({
  id: 'length-stop',
  title: 'Length stop',
  kind: 'conversation',
  recorded: ['length_stop'],
  settings: {},
  rounds: [{ said: { text: 'Tell everything.' }, answer: { ...says('Once upon'), finish: 'length' } }],
});
