import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { PROCESS_KEY } from '../../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../../support/scripted-upstream.ts';
import { askOf } from '../management-gateway.ts';
import { COMMANDS, type Coming } from './commands.ts';
import { assertLike } from './like.ts';
import { PLACES, type Started } from './on-both.ts';
import { runCommand, skipShell, type Brought } from './run-command.ts';

const CURL_FORMAT = fileURLToPath(new URL('../../../../../curl-format.txt', import.meta.url));
/** In place of the printed key, which the gateway knows for a placeholder. */
const SECRET = 'sk-canary-of-the-printed-commands-3c19';
const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

/** OpenAI with one model. */
const openai = ({ method }: SeenRequest): unknown =>
  method === 'GET' ? { object: 'list', data: [{ id: 'gpt-4', object: 'model' }] } : CHAT;

const at = (value: unknown, where: string): unknown =>
  where.split('.').reduce<unknown>((found, name) => (found as Record<string, unknown>)[name], value);

for (const place of PLACES) {
  describe(`the printed commands on ${place.name}`, { skip: skipShell || place.skip, timeout: 120_000 }, () => {
    let started: Started;
    let upstream: ScriptedUpstream;
    let folder = '';
    const said: string[] = [];
    const known = new Map<string, string>();

    before(async () => {
      upstream = await startUpstream((request, response) => sendJson(response, 200, openai(request)));
      started = await place.start({ EGRESS_ALLOW: '127.0.0.1' });
      const { url, dataDir } = started.gateway;
      folder = path.dirname(dataDir);
      await copyFile(CURL_FORMAT, path.join(folder, 'curl-format.txt'));
      const password = (await readFile(path.join(dataDir, 'admin-password'), 'utf8')).trim();
      known.set('http://localhost:8000', url);
      known.set('https://api.openai.com', upstream.url);
      known.set('"password": "password"', `"password": "${password}"`);
      known.set('your-admin-password', password);
      known.set('<key>', PROCESS_KEY);
      known.set('sk-your-api-key-here', SECRET);
      known.set('{template-id}', 'openai');
    });
    after(async () => {
      await started.close();
      await upstream.close();
    });

    const filled = (command: string): string =>
      [...known].reduce((text, [name, value]) => text.replaceAll(name, value), command);
    const run = async (command: string, { status, body }: Coming): Promise<Brought> => {
      const brought = await runCommand(filled(command), folder);
      said.push(JSON.stringify(brought.body));
      assert.equal(brought.status, status, JSON.stringify(brought.body));
      if (body !== undefined) assertLike(brought.body, body);
      return brought;
    };

    for (const { ref, command, comes, keeps = {}, instead = [] } of COMMANDS) {
      const [, what = ''] = /http:\/\/localhost:8000(\S+)/.exec(command) ?? [];
      it(`${ref} ${what.replace('"', '')} brings what is promised`, async () => {
        const { body } = await run(command, comes);
        for (const [name, where] of Object.entries(keeps))
          known.set(name === 'token' ? '<token>' : `{${name}}`, String(at(body, where)));
        for (const { of, put, ...other } of instead) {
          assert.ok(command.includes(of), of);
          await run(
            command.replace(of, () => put),
            other,
          );
        }
      });
    }

    it('signs tokens whose beginning is the printed one, which decodes to algorithm and type', () => {
      const [first = ''] = (known.get('<token>') ?? '').split('.');
      assert.equal(first, 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9');
      assert.equal(Buffer.from(first, 'base64').toString(), '{"alg":"HS256","typ":"JWT"}');
    });

    it('exports one file of version 1.0 without the secret, and shows the secret in no answer or line', async () => {
      const exported = await readFile(path.join(folder, 'provider-backup.json'), 'utf8');
      assertLike(JSON.parse(exported), { metadata: { version: '1.0' }, data: { providers: Array, models: Array } });
      for (const text of [exported, ...said, started.gateway.output()]) assert.ok(!text.includes(SECRET));
      assert.ok(upstream.seen.some(({ headers }) => headers.authorization === `Bearer ${SECRET}`));
    });

    it('says in a test what a wrong key, an unknown model and a dead host mean, with status 200', async () => {
      const token = known.get('<token>') ?? '';
      const ask = (route: string) => askOf(started.gateway.url, route, { token });
      const [provider, model] = [known.get('{provider-id}'), known.get('{model-id}')];
      upstream.answer = (_, response) => sendJson(response, 401, { error: { message: 'Incorrect API key provided' } });
      const refused = await ask(`POST /api/admin/providers/${provider}/test`);
      assert.deepEqual([refused.status, refused.json.success], [200, false]);
      assert.match(refused.json.errors.join(' '), /key/i);
      upstream.answer = (_, response) =>
        sendJson(response, 404, { error: { message: 'The model does not exist', code: 'model_not_found' } });
      const unknown = await ask(`POST /api/admin/models/${model}/test`);
      assert.deepEqual([unknown.status, unknown.json.success], [200, false]);
      assert.match(unknown.json.errors.join(' '), /not found/i);
    });
  });
}
