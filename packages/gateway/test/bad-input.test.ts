import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { post, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
/** One that takes bodies long enough to be read beside the event loop. */
let roomy: TestGateway;

before(async () => {
  gateway = await startGateway([], { bodyLimitBytes: 1024 * 1024 });
  roomy = await startGateway([], { bodyLimitBytes: 4 * 1024 * 1024 });
});

after(async () => {
  await gateway.close();
  await roomy.close();
});

const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';
const USER = [{ role: 'user', content: 'hi' }];
const ECHO = { model: 'simulator/echo', messages: USER, max_tokens: 5 };

interface Refused {
  readonly status: number;
  readonly message: string;
}

const refusal = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Refused> =>
  refusalBy(gateway, path, body, headers);

async function refusalBy(
  by: TestGateway,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Refused> {
  const response = await post(by, path, body, headers);
  const json = (await response.json()) as { error: { message: string; type: string }; type?: string };
  if (path === MESSAGES) assert.equal(json.type, 'error');
  assert.equal(typeof json.error.type, 'string');
  return { status: response.status, message: json.error.message };
}

for (const path of [CHAT, MESSAGES]) {
  describe(`${path} refuses`, () => {
    const cases: readonly [string, unknown, number, RegExp][] = [
      ['an empty body', '', 400, /empty/],
      ['text that is not JSON', '{"model": "a', 400, /JSON/],
      ['trailing garbage', '{"model":"simulator/echo","messages":[]} x', 400, /JSON/],
      ['a list', '[1]', 400, /object/],
      ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, /UTF-8/],
      ['a missing model', { messages: USER }, 400, /`model`/],
      ['a model of the wrong type', { model: 7, messages: USER }, 400, /`model`/],
      ['a model with control characters', { model: 'a\r\nb', messages: USER }, 400, /`model`/],
      ['messages of the wrong type', { model: 'simulator/echo', messages: 'hi' }, 400, /`messages`/],
      ['no messages', { model: 'simulator/echo', messages: [] }, 400, /`messages`/],
      ['a message that is no object', { model: 'simulator/echo', messages: [1] }, 400, /messages\[0\]/],
      ['a stream flag of the wrong type', { ...ECHO, stream: 'yes' }, 400, /`stream`/],
      ['a temperature of the wrong type', { ...ECHO, temperature: 'hot' }, 400, /`temperature`/],
      [
        'a member that stands twice',
        '{"model":"simulator/echo","model":"simulator/tools","messages":[]}',
        400,
        /twice/,
      ],
      ['nesting without end', `{"model":"simulator/echo","messages":${'['.repeat(100_000)}`, 400, /nested/],
      ['a million values', `{"model":"simulator/echo","messages":[${'1,'.repeat(300_000)}1]}`, 400, /values/],
      ['an unknown model', { ...ECHO, model: 'simulator/ecko' }, 404, /./],
      ['a model nobody has', { ...ECHO, model: 'no-such-model-anywhere' }, 404, /not known/],
      ['a provider without account', { ...ECHO, model: 'openai/gpt-5' }, 404, /OPENAI_API_KEY/],
      ['a body over the limit', JSON.stringify({ ...ECHO, pad: 'x'.repeat(1_100_000) }), 413, /BODY_LIMIT_BYTES/],
    ];
    for (const [what, body, status, words] of cases) {
      it(what, async () => {
        const refused = await refusal(path, body);
        assert.equal(refused.status, status, refused.message);
        assert.match(refused.message, words);
      });
    }

    it('a missing key', async () => {
      const headers = { 'x-request-id': 'keyless' };
      const response = await fetch(gateway.url + path, { method: 'POST', body: '{}', headers });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('x-request-id'), 'keyless');
      assert.equal(response.headers.get('x-should-retry'), 'false');
    });

    it('an unknown key and a revoked key, each in its own words', async () => {
      assert.match((await refusal(path, ECHO, { authorization: 'Bearer nonsense' })).message, /not known/);
      assert.match((await refusal(path, ECHO, { authorization: 'Bearer revoked' })).message, /revoked/);
    });
  });
}

describe('a long body is refused in the words that a short one is', () => {
  const bodies: Readonly<Record<string, (pad: string) => string | Uint8Array>> = {
    'text that is not JSON': (pad) => `{"pad":"${pad}","model": "a`,
    'trailing garbage': (pad) => `{"pad":"${pad}","model":"simulator/echo","messages":[]} x`,
    'a list': (pad) => `["${pad}"]`,
    'bytes that are not UTF-8': (pad) => Buffer.concat([Buffer.from(`{"pad":"${pad}`), Buffer.from([0xff])]),
    'a missing model': (pad) => JSON.stringify({ pad, messages: USER }),
    'a message that is no object': (pad) => JSON.stringify({ pad, model: 'simulator/echo', messages: [1] }),
    'a stream flag of the wrong type': (pad) => JSON.stringify({ pad, ...ECHO, stream: 'yes' }),
    'a member that stands twice': (pad) => `{"pad":"${pad}","model":"a","model":"b","messages":[]}`,
    'nesting without end': (pad) => `{"pad":"${pad}","model":"simulator/echo","messages":${'['.repeat(100_000)}`,
    'an unknown model': (pad) => JSON.stringify({ pad, ...ECHO, model: 'simulator/ecko' }),
    'a provider without account': (pad) => JSON.stringify({ pad, ...ECHO, model: 'openai/gpt-5' }),
  };
  for (const path of [CHAT, MESSAGES]) {
    for (const [what, body] of Object.entries(bodies)) {
      it(`${what}, on ${path}`, async () => {
        const short = await refusal(path, body('x'));
        assert.deepEqual(await refusalBy(roomy, path, body('x'.repeat(1_500_000))), short);
        assert.ok(short.status >= 400 && short.status < 500);
      });
    }
  }

  it('many values in few bytes as many in many', async () => {
    const values = (count: number, value: string): string =>
      `{"model":"simulator/echo","x":[${Array(count).fill(value).join(',')}],"messages":[]}`;
    const few = await refusal(CHAT, values(50_000, '1'));
    assert.deepEqual(await refusalBy(roomy, CHAT, values(50_000, ' '.repeat(30) + 1)), few);
  });
});

it('answers a long body as a short one', async () => {
  for (const path of [CHAT, MESSAGES]) {
    const response = await post(roomy, path, { ...ECHO, messages: [{ role: 'user', content: 'hi '.repeat(700_000) }] });
    assert.equal(response.status, 200, await response.text());
  }
});

describe('the listener refuses', () => {
  const line = (text: string): string => `${text}\r\n`;

  async function raw(request: string): Promise<string> {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(request);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    await once(socket, 'close');
    return answer;
  }

  it('two Host headers', async () => {
    const answer = await raw(
      line('GET /health HTTP/1.1') + line('Host: a') + line('Host: b') + line('Connection: close') + line(''),
    );
    assert.match(answer, /^HTTP\/1\.1 400 /);
  });

  it('a target that names another site', async () => {
    const answer = await raw(
      line('GET http://evil.example/health HTTP/1.1') + line('Host: a') + line('Connection: close') + line(''),
    );
    assert.match(answer, /^HTTP\/1\.1 400 /);
  });

  it('a huge announced body before any of it is sent', async () => {
    const head = line(`POST ${CHAT} HTTP/1.1`) + line('Host: a') + line(`Authorization: Bearer ${TEST_KEY}`);
    const answer = await raw(head + line('X-Request-Id: huge') + line('Content-Length: 99999999999') + line(''));
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /\r\nx-request-id: huge\r\n/);
    assert.match(answer, /\r\nconnection: close\r\n/);
  });

  it('a path that no route takes, in the dialect its prefix suggests', async () => {
    const response = await fetch(`${gateway.url}/v1/messages/nothing`, { method: 'POST' });
    assert.equal(response.status, 404);
    assert.equal(((await response.json()) as { type: string }).type, 'error');
  });
});

it('keeps serving after all of that', async () => {
  const response = await post(gateway, CHAT, ECHO);
  assert.equal(response.status, 200);
  assert.deepEqual(gateway.errors, []);
  assert.deepEqual(roomy.errors, []);
});
