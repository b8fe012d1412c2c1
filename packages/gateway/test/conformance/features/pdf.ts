import { defineFeature } from '../scenario.ts';
import { PDF, says } from './material.ts';

export const pdf = defineFeature({
  id: 'pdf',
  title: 'PDF in a question',
  kind: 'conversation',
  needs: ['document'],
  recorded: ['pdf_in'],
  cannot: [
    {
      upstreams: ['ollama-chat'],
      facets: ['documents'],
      reason: 'Ollama sees pictures and no documents.',
      loss: /application\/pdf.*\(dropped\)/,
    },
  ],
  settings: {},
  rounds: [{ said: { text: 'Sum it up.', document: PDF }, answer: says('It is empty.') }],
});
