import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type DetailedPeerCertificate } from 'node:tls';

import type { NameService } from './name-cache.ts';
import type { EgressPolicy } from './policy.ts';

/** What one step towards a host found. */
export type Step<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly code: string };

/** Addresses of a host that may be dialled; `EGRESS_DENIED` where it has only others. */
export async function findAddresses(
  policy: EgressPolicy,
  names: NameService,
  hostname: string,
): Promise<Step<readonly string[]>> {
  const isNamed = policy.hostNamed(hostname);
  if (isIP(hostname) !== 0)
    return isNamed || policy.addressAllowed(hostname) ? { ok: true, value: [hostname] } : denied();
  try {
    const found = await names(hostname, isNamed);
    const allowed = isNamed ? found : found.filter((each) => policy.addressAllowed(each));
    return allowed.length === 0 ? denied() : { ok: true, value: allowed };
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

const denied = () => ({ ok: false, code: 'EGRESS_DENIED' }) as const;

/** Opens a plain connection to an address that `findAddresses` gave; whoever gets it closes it. */
export function dialAddress(address: string, port: number, timeoutMs: number): Promise<Step<Socket>> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: address, port });
    const settle = (step: Step<Socket>): void => {
      socket.setTimeout(0).removeAllListeners();
      // What comes later concerns whoever has the socket; unheard it would end the process.
      socket.on('error', () => undefined);
      if (!step.ok) socket.destroy();
      resolve(step);
    };
    socket
      .setTimeout(timeoutMs, () => settle({ ok: false, code: 'ETIMEDOUT' }))
      .on('connect', () => settle({ ok: true, value: socket }))
      .on('error', (error) => settle({ ok: false, code: codeOf(error) }));
  });
}

/** What a server showed of itself. */
export interface Certificate {
  readonly protocol: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** Why it is not trusted; absent where it is. */
  readonly mistrust: string | undefined;
}

/** Shakes hands over a connection and looks at the certificate, which need not be a good one. */
export function inspectTls(socket: Socket, hostname: string, timeoutMs: number): Promise<Step<Certificate>> {
  return new Promise((resolve) => {
    const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
    // Nothing is sent over this connection: it is looked at, so that what is wrong with it can be named.
    const secured = connectTls({ socket, ...servername, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    const settle = (step: Step<Certificate>): void => {
      secured.setTimeout(0).removeAllListeners();
      secured.on('error', () => undefined).destroy();
      resolve(step);
    };
    secured
      .setTimeout(timeoutMs, () => settle({ ok: false, code: 'ETIMEDOUT' }))
      .on('error', (error) => settle({ ok: false, code: codeOf(error) }))
      .on('close', () => settle({ ok: false, code: 'ECONNRESET' }))
      .on('secureConnect', () => {
        const shown = secured.getPeerCertificate() as Partial<DetailedPeerCertificate>;
        settle({
          ok: true,
          value: {
            protocol: secured.getProtocol() ?? 'TLS',
            validFrom: shown.valid_from ?? '',
            validTo: shown.valid_to ?? '',
            mistrust: secured.authorized ? undefined : codeOf(secured.authorizationError),
          },
        });
      });
  });
}

function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'UNKNOWN';
}
