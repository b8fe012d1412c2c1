import { startProcess, type GatewayProcess } from '../../support/gateway-process.ts';
import { newDatabase, skipPostgres } from '../../storage/engines.ts';

/** A gateway as it is started in an empty folder, on one of the two databases. */
export interface Started {
  readonly gateway: GatewayProcess;
  /** Absent on the embedded store. */
  readonly databaseUrl?: string;
  close(): Promise<void>;
}

/** One of the two ways to start it; `skip` says why it cannot be tried here. */
export interface Place {
  readonly name: string;
  readonly skip: string | false;
  start(environment?: Readonly<Record<string, string>>): Promise<Started>;
}

async function startEmbedded(environment = {}): Promise<Started> {
  const gateway = await startProcess(environment);
  return { gateway, close: () => end(gateway) };
}

async function startOnPostgres(environment = {}): Promise<Started> {
  const { url, drop } = await newDatabase();
  const gateway = await startProcess({ ...environment, DATABASE_URL: url });
  return {
    gateway,
    databaseUrl: url,
    close: async () => {
      await end(gateway);
      await drop();
    },
  };
}

async function end(gateway: GatewayProcess): Promise<void> {
  if (gateway.child.exitCode === null && gateway.child.signalCode === null) await gateway.stop();
  await gateway.remove();
}

/** Both. */
export const PLACES: readonly Place[] = [
  { name: 'an empty folder', skip: false, start: startEmbedded },
  { name: 'an empty PostgreSQL', skip: skipPostgres, start: startOnPostgres },
];
