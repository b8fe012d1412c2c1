import { defineCheck, type Found } from '../check.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** Characters that a secret must have not to be tried out: a key that is chosen by hand is rarely random. */
const LENGTHS = { ENCRYPTION_KEY: 32, GATEWAY_API_KEY: 16 } as const;

/** Settings that are taken as they are and leave a door open. */
export const settingsWeak = defineCheck({
  id: 'settings-weak',
  title: 'Whether settings leave a door open',
  codes: {
    'settings-open-to-all': { severity: 'error', title: 'Whoever reaches this machine administers the gateway' },
    'settings-open-loopback': { severity: 'info', title: 'Programs on this machine need no credential to administer' },
    'settings-short-key': { severity: 'warning', title: 'A secret in the settings can be guessed' },
  },
  symptoms: ['providers-401', 'generation-authentication'],
  reach: 'here',
  needs: ['settings'],
  run: ({ settings }) => {
    const { host, management, encryptionKeys, gatewayApiKey } = settings;
    const found: Found[] = [];
    if (management.openLoopback) {
      const isLocal = isLoopbackHost(host);
      found.push({
        code: isLocal ? 'settings-open-loopback' : 'settings-open-to-all',
        subject: 'setting AUTH_MODE',
        cause: isLocal
          ? 'AUTH_MODE=open-loopback: any program on this machine acts as administrator.'
          : `AUTH_MODE=open-loopback while HOST=${host}: a proxy in front of the gateway makes everybody a local caller.`,
        remedy: 'Remove AUTH_MODE (or set AUTH_MODE=strict) and start again.',
        evidence: { AUTH_MODE: 'open-loopback', HOST: host },
      });
    }
    const secrets = [
      ...encryptionKeys.map((secret) => ['ENCRYPTION_KEY', secret] as const),
      ...(gatewayApiKey === undefined ? [] : [['GATEWAY_API_KEY', gatewayApiKey] as const]),
    ];
    for (const [name, secret] of secrets) if (secret.length < LENGTHS[name]) found.push(short(name, secret.length));
    return Promise.resolve(found);
  },
});

/** A new key for secrets at rest must not shut out what the old one sealed. */
const KEEP_OLD = ', followed by a comma and the old key, so that what it sealed can still be opened';

const short = (name: keyof typeof LENGTHS, characters: number): Found => ({
  code: 'settings-short-key',
  subject: `setting ${name}`,
  cause: `${name} has ${characters} characters: few enough to be tried out.`,
  remedy: `Set ${name} to the output of \`openssl rand -hex 32\`${name === 'ENCRYPTION_KEY' ? KEEP_OLD : ''}.`,
  evidence: { setting: name, characters },
});
