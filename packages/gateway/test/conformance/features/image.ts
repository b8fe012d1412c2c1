import { defineFeature } from '../scenario.ts';
import { PNG, says } from './material.ts';

export const image = defineFeature({
  id: 'image',
  title: 'Image in a question',
  kind: 'conversation',
  recorded: ['image_in'],
  settings: {},
  rounds: [{ said: { text: 'What is this?', picture: PNG }, answer: says('A red point.') }],
});
