const NO_TLS = '{host}:{port} does not speak TLS. If it is plain HTTP, write http:// in the endpoint.';

/** What codes of the network mean, in sentences that say what to do. `{host}` and `{port}` are put in. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name {host} does not exist. Look for a typing mistake in the endpoint.',
  NOTFOUND: 'The name {host} does not exist. Look for a typing mistake in the endpoint.',
  ENODATA: 'The name {host} has no address. Look for a typing mistake in the endpoint.',
  EAI_AGAIN: 'The name service does not answer. Check this machine’s network and its name servers.',
  ETIMEOUT: 'The name service does not answer. Check this machine’s network and its name servers.',
  EREFUSED: 'The name service refuses to answer for {host}. Check this machine’s name servers.',
  EGRESS_DENIED: '{host} has no public address. If the gateway is meant to call it, name it in EGRESS_ALLOW.',
  ECONNREFUSED: 'Nothing listens at {host}:{port}. Check the port, and whether the server runs.',
  ETIMEDOUT: '{host}:{port} does not answer. A firewall may be in between, or the server is down.',
  EHOSTUNREACH: 'No way leads to {host}. Check this machine’s network.',
  ENETUNREACH: 'No way leads to {host}. Check this machine’s network.',
  ECONNRESET: '{host}:{port} closes the connection. It may expect another protocol: compare http and https.',
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  CERT_HAS_EXPIRED: 'The certificate of {host} has expired. Its operator must renew it.',
  CERT_NOT_YET_VALID: 'The certificate of {host} is not valid yet. Check this machine’s clock.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    '{host} shows a certificate that it signed itself. Add it to NODE_EXTRA_CA_CERTS, or use a trusted one.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The certificate of {host} comes from an authority that is not trusted here. Add it to NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The certificate chain of {host} is incomplete. Its operator must send the intermediate certificates.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The certificate of {host} comes from an authority that is not trusted here. Add it to NODE_EXTRA_CA_CERTS.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is not for {host}. Check the endpoint’s name.',
};

/** What a code means; the code itself where nobody has said more about it. */
export function sentenceFor(code: string, host: string, port: number): string {
  const words = WORDS[code] ?? `{host}:{port} could not be reached (${code}).`;
  return words.replaceAll('{host}', host).replaceAll('{port}', String(port));
}
