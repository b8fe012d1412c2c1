import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Sealer } from '@patchbay/llm/credentials/seal';
import type { Tokens } from '@patchbay/llm/credentials/oauth/tokens';
import { Secret } from '@patchbay/llm/credentials/secret';

/** Where new tokens lie between the provider's answer and the store, which may be away or killed in between. */
export interface RefreshJournal {
  /** Gets ready to keep the next tokens of an account; what it resolves to keeps them at once. */
  prepare(accountId: string, generation: number): Promise<(tokens: Tokens) => void>;
  /** Tokens that followed this generation and were not seen to reach the store. */
  find(accountId: string, generation: number): Promise<Tokens | undefined>;
  /** Forgets what is there of an account, because the store has it. */
  forget(accountId: string): void;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A journal in a folder of this machine, sealed. It is written in the same turn in which the answer is read: sealing with
 * the store's own keys takes longer, so the key of each entry is made and sealed before the provider is asked.
 */
export function fileJournal(folder: string, sealer: Sealer): RefreshJournal {
  const fileOf = (accountId: string): string => path.join(folder, `${accountId.replaceAll(/[^\w-]/g, '_')}.json`);
  return {
    async prepare(accountId, generation) {
      const key = randomBytes(32);
      const sealedKey = await sealer.seal(new Secret(key.toString('base64')), placeOf(accountId));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return (tokens) => {
        const entry = { generation, key: sealedKey, tokens: encrypted(key, JSON.stringify(plainOf(tokens))) };
        const file = fileOf(accountId);
        // Whole or not at all: half an entry would hide the one before.
        writeFileSync(`${file}.new`, JSON.stringify(entry), { mode: 0o600, flush: true });
        renameSync(`${file}.new`, file);
      };
    },
    async find(accountId, generation) {
      const entry = entryIn(fileOf(accountId));
      if (entry?.generation !== generation) return undefined;
      const key = await sealer.open(entry.key, placeOf(accountId));
      return key.ok ? tokensIn(Buffer.from(key.value.reveal(), 'base64'), entry.tokens) : undefined;
    },
    forget: (accountId) => rmSync(fileOf(accountId), { force: true }),
  };
}

interface Entry {
  readonly generation: number;
  readonly key: string;
  readonly tokens: string;
}

function entryIn(file: string): Entry | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Entry;
  } catch {
    return undefined;
  }
}

function encrypted(key: Buffer, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function tokensIn(key: Buffer, text: string): Tokens | undefined {
  const whole = Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, whole.subarray(0, IV_BYTES));
    decipher.setAuthTag(whole.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const plain = Buffer.concat([decipher.update(whole.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    const { accessToken, refreshToken, ...rest } = JSON.parse(plain.toString('utf8')) as Plain;
    return {
      ...rest,
      accessToken: new Secret(accessToken),
      ...(refreshToken !== undefined && { refreshToken: new Secret(refreshToken) }),
    };
  } catch {
    return undefined;
  }
}

type Plain = Omit<Tokens, 'accessToken' | 'refreshToken'> & {
  readonly accessToken: string;
  readonly refreshToken?: string;
};

function plainOf({ accessToken, refreshToken, ...rest }: Tokens): Plain {
  return {
    ...rest,
    accessToken: accessToken.reveal(),
    ...(refreshToken !== undefined && { refreshToken: refreshToken.reveal() }),
  };
}

const placeOf = (accountId: string) => ({ table: 'accounts', row: accountId.toLowerCase(), field: 'token_journal' });
