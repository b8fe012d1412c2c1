import assert from 'node:assert/strict';
import { it } from 'node:test';

import { modelRefusal } from './allowed-models.ts';
import type { Found } from './ports.ts';

const found = (model: string, isOwn = false): Found => ({
  targets: [{ providerId: 'openai', model }],
  isOwn,
  version: 1,
  provider: () => undefined,
});
const caller = (...models: string[]) => ({ keyId: 'k', label: '', models });

it('a key calls the models that it names, by name, address or beginning', () => {
  assert.equal(modelRefusal({ keyId: 'k', label: '' }, 'gpt-5', found('gpt-5')), undefined);
  assert.equal(modelRefusal(caller('gpt-5'), 'openai/gpt-5', found('gpt-5')), undefined);
  assert.equal(modelRefusal(caller('openai/*'), 'gpt-5', found('gpt-5')), undefined);
  assert.equal(modelRefusal(caller('fast'), 'fast', found('gpt-5')), undefined);
});

it('a key calls no other model, also not under a name of its own making', () => {
  assert.equal(modelRefusal(caller('gpt-5-mini'), 'gpt-5', found('gpt-5'))?.kind, 'permission');
  assert.equal(modelRefusal(caller('gpt-5-mini'), 'gpt-5-mini', found('gpt-5', true))?.kind, 'permission');
});
