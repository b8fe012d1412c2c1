/** Phases of a connection, in their order. */
export type ConnectionPhase = 'dns' | 'tcp' | 'tls';

/** What words of the network are found as, by phase. */
const FOUND: Readonly<Record<ConnectionPhase, Readonly<Record<string, string>>>> = {
  dns: { EGRESS_DENIED: 'provider-address-private' },
  tcp: { ECONNREFUSED: 'provider-port-closed' },
  tls: {
    CERT_HAS_EXPIRED: 'provider-certificate-expired',
    CERT_NOT_YET_VALID: 'provider-certificate-not-yet-valid',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'provider-certificate-self-signed',
    SELF_SIGNED_CERT_IN_CHAIN: 'provider-certificate-untrusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'provider-certificate-untrusted',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'provider-certificate-untrusted',
    ERR_TLS_CERT_ALTNAME_INVALID: 'provider-certificate-wrong-name',
  },
};
const OTHERWISE: Readonly<Record<ConnectionPhase, string>> = {
  dns: 'provider-name-unknown',
  tcp: 'provider-no-answer',
  tls: 'provider-not-tls',
};

/** Code of the finding that a word of the network means in a phase. */
export const findingOfNetwork = (phase: ConnectionPhase, word: string): string =>
  FOUND[phase][word] ?? OTHERWISE[phase];

/** Words of a name service that does not do its work, whatever name it is asked for. */
export const NO_NAMES: ReadonlySet<string> = new Set(['EAI_AGAIN', 'ETIMEOUT', 'EREFUSED', 'ESERVFAIL', 'ECANCELLED']);
/** Words of a network that leads nowhere. */
export const NO_WAY: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN']);

const TLS = /^(?:EPROTO|ERR_SSL_)/;
const NO_SUCH_NAME = new Set(['ENOTFOUND', 'NOTFOUND', 'ENODATA']);

/** The same for a word alone, as a failed call has it; `undefined` for words that say nothing of the way there. */
export function findingOfWord(word: string): string | undefined {
  for (const words of Object.values(FOUND)) if (words[word] !== undefined) return words[word];
  if (word.startsWith('PROXY_')) return 'proxy-dead';
  if (NO_NAMES.has(word)) return 'name-service-dead';
  if (NO_SUCH_NAME.has(word)) return OTHERWISE.dns;
  if (TLS.test(word)) return OTHERWISE.tls;
  return word === 'ETIMEDOUT' || NO_WAY.has(word) ? OTHERWISE.tcp : undefined;
}
