import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { systemClock } from '@patchbay/llm/model/clock';

/** A server that has stopped: the system takes no more connections for it, and refuses none. */
export interface Frozen {
  readonly port: number;
  thaw(): void;
}

const STOPPED = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
/** On loopback a connection is taken at once or not at all. */
const TAKEN_MS = 500;

/** Starts one and fills its queue. */
export async function startFrozen(): Promise<Frozen> {
  const server: ChildProcess = spawn(process.execPath, ['-e', STOPPED], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(server.stdout);
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  const port = Number(said.toString());
  const held: Socket[] = [];
  const isTaken = async (): Promise<boolean> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    held.push(socket);
    const taken = once(socket, 'connect').then(() => true);
    return Promise.race([taken, systemClock.sleep(TAKEN_MS).then(() => false)]);
  };
  while (await isTaken());
  return {
    port,
    thaw: () => {
      for (const socket of held) socket.destroy();
      server.kill('SIGKILL');
    },
  };
}
