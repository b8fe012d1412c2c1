import { execFile, execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { onServer } from '../storage/engines.ts';

/** A PostgreSQL of the test's own, to be stopped, filled up and locked out of. */
export interface OwnPostgres {
  /** As a user without special rights. */
  readonly url: string;
  /** As the one who may do everything. */
  readonly adminUrl: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export const OWN_PASSWORD = 'canary-postgres-password';
/** What a user without special rights may open: one more is kept for the administrator. */
export const OWN_CONNECTIONS = 40;

const isRoot = process.getuid?.() === 0;
const run = promisify(execFile);
/** PostgreSQL does not run as root. */
const as = (program: string, ...options: string[]): readonly [string, string[]] =>
  isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...options]] : [program, options];

/** Why there can be none here, if there cannot. */
export const skipOwnPostgres: string | false = (() => {
  try {
    const [program, options] = as('initdb', '--version');
    execFileSync(program, options, { stdio: 'ignore' });
    return false;
  } catch {
    return 'no initdb that this user may run';
  }
})();

/** Makes and starts one, with a database `app` that belongs to the user `app`. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-pg-'));
  const password = path.join(folder, 'password');
  writeFileSync(password, OWN_PASSWORD);
  if (isRoot) {
    const user = Number(execFileSync('id', ['-u', 'postgres']).toString());
    for (const each of [folder, password]) chownSync(each, user, -1);
  }
  const data = path.join(folder, 'data');
  const port = await freePort();
  await run(...as('initdb', '-D', data, '-U', 'postgres', '--no-sync', '-A', 'scram-sha-256', `--pwfile=${password}`));
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories= -c fsync=off -c superuser_reserved_connections=1 -c max_connections=${OWN_CONNECTIONS + 1}`;
  const control = async (...words: string[]): Promise<void> => {
    await run(...as('pg_ctl', '-D', data, '-w', '-l', path.join(folder, 'log'), ...words));
  };
  const start = (): Promise<void> => control('-o', options, 'start');
  const stop = (): Promise<void> => control('-m', 'immediate', 'stop');
  await start();
  const urlOf = (user: string, database: string): string =>
    `postgres://${user}:${OWN_PASSWORD}@127.0.0.1:${port}/${database}`;
  const adminUrl = urlOf('postgres', 'postgres');
  await onServer(adminUrl, `create role app login password '${OWN_PASSWORD}'`, 'create database app owner app');
  return {
    url: urlOf('app', 'app'),
    adminUrl,
    stop,
    start,
    remove: async () => {
      await stop().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port of this machine that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
