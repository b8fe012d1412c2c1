import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import type { ServiceAccountCredential } from './credential.ts';
import { Secret } from './secret.ts';

/** Where Google sells tokens to accounts whose key file does not say. */
const TOKEN_URI = 'https://oauth2.googleapis.com/token';

/**
 * Reads the key file that Google makes for a service account; `id` becomes the account's name in logs. A mistake is an
 * `invalid-request` failure that shows nothing of the text.
 */
export function readServiceAccount(id: string, text: string): Result<ServiceAccountCredential> {
  const file = parsed(text);
  if (file === undefined) return failed(mistake('is not the JSON that Google makes'));
  if (file['type'] !== undefined && file['type'] !== 'service_account')
    return failed(mistake('is of another kind than `service_account`'));
  const { client_email: clientEmail, private_key: key, private_key_id: keyId, token_uri: uri = TOKEN_URI } = file;
  if (typeof clientEmail !== 'string' || clientEmail === '') return failed(mistake('has no `client_email`'));
  if (typeof key !== 'string' || !key.includes('PRIVATE KEY')) return failed(mistake('has no `private_key` in PEM'));
  if (typeof uri !== 'string' || !isTokenUri(uri)) return failed(mistake('has a `token_uri` that is no https address'));
  return ok({
    kind: 'service-account',
    id,
    clientEmail,
    privateKey: new Secret(key),
    tokenUri: uri,
    ...(typeof keyId === 'string' && keyId !== '' && { privateKeyId: keyId }),
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A signed assertion is worth a token: it must not cross a network in the clear. */
function isTokenUri(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

const mistake = (what: string): Failure => ({
  kind: 'invalid-request',
  message: `The key file of the service account ${what}. Give the file's whole text.`,
});
