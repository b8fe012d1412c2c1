import { defineFeature } from '../scenario.ts';
import { USAGE } from './material.ts';

export const refusal = defineFeature({
  id: 'refusal',
  title: 'Refusal',
  kind: 'conversation',
  needs: ['refusal'],
  recorded: ['refusal_or_filter'],
  settings: {},
  rounds: [
    {
      said: { text: 'Something forbidden.' },
      answer: { refusal: 'I will not help with that.', finish: 'declined', usage: USAGE },
    },
  ],
});
