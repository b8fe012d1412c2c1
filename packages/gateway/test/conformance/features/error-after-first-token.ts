import { defineFeature } from '../scenario.ts';

export const errorAfterFirstToken = defineFeature({
  id: 'error-after-first-token',
  title: 'Error after the first token',
  kind: 'broken',
  text: 'It began well',
  message: 'The model fell over.',
});
