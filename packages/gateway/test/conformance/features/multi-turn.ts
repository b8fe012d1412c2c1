import { defineFeature } from '../scenario.ts';
import { says } from './material.ts';

export const multiTurn = defineFeature({
  id: 'multi-turn',
  title: 'Several turns',
  kind: 'conversation',
  recorded: ['multi_turn'],
  settings: { system: 'Remember names.' },
  rounds: [
    { said: { text: 'I am Ada.' }, answer: says('Hello Ada.') },
    { said: { text: 'Who am I?' }, answer: says('You are Ada.') },
    { said: { text: 'Sure?' }, answer: says('Quite.') },
  ],
});
