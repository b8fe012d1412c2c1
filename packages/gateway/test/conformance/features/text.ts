import { defineFeature } from '../scenario.ts';
import { says } from './material.ts';

export const text = defineFeature({
  id: 'text',
  title: 'Text',
  kind: 'conversation',
  settings: {},
  rounds: [
    {
      said: { text: 'Say hello — in three scripts: é 你 👋' },
      answer: says('Hello, héllo, 你好 👋.\nAnd a second line.'),
    },
  ],
});
