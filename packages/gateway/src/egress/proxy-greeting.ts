/** Why no tunnel came about. A code that begins with `PROXY_` is the proxy's fault; any other is the target's. */
export class TunnelFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** True for faults of the proxy itself, which count against it; false for those of the target behind it. */
export const isProxyFault = (code: string | undefined): boolean => code?.startsWith('PROXY_') === true;

/** Where a tunnel shall lead to. */
export interface TunnelTarget {
  /** A name, which the proxy resolves, or an address without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** What the bytes of a proxy mean, taken from the first that has not been used. */
export type Understood =
  | { readonly kind: 'more' }
  | { readonly kind: 'say'; readonly bytes: Buffer; readonly used: number }
  | { readonly kind: 'open'; readonly used: number }
  | { readonly kind: 'fault'; readonly fault: TunnelFault };

/** What is said to a proxy, and how it is understood, until it is nothing but a wire to the target. */
export interface Greeting {
  readonly first: Buffer;
  understand(bytes: Buffer): Understood;
}

/** Not enough has come to say anything. */
export const MORE: Understood = { kind: 'more' };

/** The conversation is over: no tunnel. */
export const faulty = (code: string, message: string): Understood => ({
  kind: 'fault',
  fault: new TunnelFault(code, message),
});
