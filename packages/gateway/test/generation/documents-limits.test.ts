import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { loadSettings } from '../../src/config/load-settings.ts';
import { startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post } from '../support/test-gateway.ts';
import { startDecks, type DeckGateway } from './deck-gateway.ts';

const settingsOf = (environment: Readonly<Record<string, string>>) =>
  loadSettings({ environment, isTerminal: false }).settings.generation.documents;

describe('what documents may take', () => {
  it('is as it was where nobody says anything, and as the settings say', () => {
    assert.deepEqual(settingsOf({}), {
      bytesMax: 20_000_000,
      fetchTimeoutMs: 30_000,
      readTimeoutMs: 20_000,
      atOnce: 2,
    });
    const said = {
      DOCUMENTS_MAX_BYTES: '100000',
      DOCUMENTS_FETCH_TIMEOUT: '1',
      DOCUMENTS_READ_TIMEOUT: '2m',
      DOCUMENTS_AT_ONCE: '7',
    };
    assert.deepEqual(settingsOf(said), { bytesMax: 100_000, fetchTimeoutMs: 1000, readTimeoutMs: 120_000, atOnce: 7 });
  });

  describe('at a gateway that says so', () => {
    let gateway: DeckGateway;
    let web: ScriptedUpstream;
    before(async () => {
      const documents = settingsOf({ DOCUMENTS_MAX_BYTES: '100000', DOCUMENTS_FETCH_TIMEOUT: '1' });
      gateway = await startDecks({ documents }, { egressAllow: ['127.0.0.1'] });
      web = await startUpstream(({ path }, response) => {
        if (path === '/silent.txt') return;
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end('Tides come twice a day. '.repeat(path === '/large.txt' ? 5000 : 5));
      });
    });
    after(async () => {
      await gateway.close();
      await web.close();
    });
    const outline = async (more: object) => {
      const answer = await post(gateway.gateway, '/v1/generate/outline', { topic: 'Tides', n_slides: 2, ...more });
      return { status: answer.status, text: await answer.text() };
    };
    const upload = (bytes: number) => ({ data: Buffer.alloc(bytes, 'a').toString('base64'), file_type: 'txt' });

    for (const [what, more, status, words] of [
      ['is small', () => ({ file_url: `${web.url}/small.txt`, file_type: 'txt' }), 200, /Tides come/],
      [
        'is large on the web',
        () => ({ file_url: `${web.url}/large.txt`, file_type: 'txt' }),
        413,
        /larger than 0\.1 MB/,
      ],
      ['is large and sent along', () => upload(100_001), 413, /larger than 0\.1 MB/],
      ['is as large as a body may never be', () => upload(3_000_000), 413, /larger than this route takes/],
      ['does not come', () => ({ file_url: `${web.url}/silent.txt`, file_type: 'txt' }), 422, /within 1 seconds/],
    ] as const)
      it(`are answered with ${status} for a document that ${what}`, async () => {
        const answer = await outline(more());
        assert.equal(answer.status, status, answer.text);
        assert.match(answer.text, words);
      });
  });
});
