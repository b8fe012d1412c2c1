import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { renameMembers } from './rename-members.ts';

const renamed = (text: string): string =>
  renameMembers(Buffer.from(text), { top_n: 'top_k', data: 'results' }).toString();

describe('renaming members', () => {
  it('changes the names of outermost members and no other byte', () => {
    assert.equal(
      renamed(' {"top_n" : 2,\n "documents":["\\"top_n\\": 1"], "inner":{"data":[]},"data":[{"top_n":1}]} '),
      ' {"top_k" : 2,\n "documents":["\\"top_n\\": 1"], "inner":{"data":[]},"results":[{"top_n":1}]} ',
    );
  });

  it('leaves a member whose new name is taken, one that is not there, and what is no object', () => {
    for (const text of [
      '{"top_n":1,"top_k":2}',
      '{"query":"top_n"}',
      '[{"top_n":1}]',
      'no',
      '',
      '{"top\\u005fn":1}',
      '{"query":"top_n","top\\u005fn":1}',
    ])
      assert.equal(renamed(text), text);
  });
});
