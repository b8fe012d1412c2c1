import { defineFeature } from '../scenario.ts';
import { says, WEATHER } from './material.ts';

export const jsonSchema = defineFeature({
  id: 'json-schema',
  title: 'JSON schema',
  kind: 'conversation',
  recorded: ['json_schema'],
  settings: { schema: WEATHER.parameters },
  rounds: [{ said: { text: 'A city as JSON.' }, answer: says('{"city":"Oslo"}') }],
});
