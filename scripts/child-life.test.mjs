import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

const MODULE = new URL('./lib/child-life.mjs', import.meta.url).href;
const CHILD = `
  const { dieWithParent } = await import(${JSON.stringify(MODULE)});
  dieWithParent();
  let count = 0;
  process.on('SIGTERM', () => { count += 1; process.send({ count }); });
  process.on('message', (message) => { if (message.ask) process.send({ count }); });
  setInterval(() => {}, 1000);
  process.send({ ready: true });
`;

async function startChild() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function answerTo(child, act) {
  const answered = once(child, 'message');
  act();
  const [message] = await answered;
  return message;
}

describe('a child of the starter', { skip: process.platform === 'win32' }, () => {
  it('takes a signal that is handed on', async () => {
    const child = await startChild();
    assert.deepEqual(await answerTo(child, () => child.send({ signal: 'SIGTERM' })), { count: 1 });
    child.kill('SIGKILL');
  });

  it('counts a signal once when it comes by itself and is handed on', async () => {
    const child = await startChild();
    assert.deepEqual(await answerTo(child, () => child.kill('SIGTERM')), { count: 1 });
    child.send({ signal: 'SIGTERM' });
    assert.deepEqual(await answerTo(child, () => child.send({ ask: true })), { count: 1 });
    child.kill('SIGKILL');
  });

  it('ends when the starter is gone', async () => {
    const child = await startChild();
    child.disconnect();
    const [, signal] = await once(child, 'exit');
    assert.equal(signal, 'SIGKILL');
  });
});
