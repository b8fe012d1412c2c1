import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Hashes passwords with Argon2id, off the event loop and a few at a time. */
export interface Passwords {
  /** A text that carries its own parameters and salt (PHC format). */
  hash(password: string): Promise<string>;
  /** Without a stored hash it takes as long and is false, so that time does not tell which names exist. */
  matches(password: string, stored: string | undefined): Promise<boolean>;
}

/** Thrown when so many hashes wait that another would only wait in vain. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
}

/** What one hash costs. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** About 100 ms of one core and 32 MiB: above the least that OWASP asks for (19 MiB, two passes). */
export const PASSWORD_COST: PasswordCost = { memoryKiB: 32_768, passes: 2 };

/** Hashes at once: the thread pool has four threads, which files and names need, too. */
const RUNNING_MAX = 2;
/** Hashes that may wait: at 100 ms each, the last one has waited three seconds. */
const WAITING_MAX = 64;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** One hasher for the process, since it bounds what runs at once. `cost` is for tests, which have no time. */
export function createPasswords(cost: PasswordCost = PASSWORD_COST): Passwords {
  const inTurn = turns();
  const hash = async (password: string): Promise<string> => {
    const salt = randomBytes(SALT_BYTES);
    const tag = await inTurn(() => derive(password, { ...cost, salt, tagBytes: TAG_BYTES }));
    return `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=1$${unpadded(salt)}$${unpadded(tag)}`;
  };
  return {
    hash,
    async matches(password, stored) {
      const parsed = stored === undefined ? undefined : parsePhc(stored);
      const { tag, ...how } = parsed ?? { ...cost, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) };
      const found = await inTurn(() => derive(password, { ...how, tagBytes: tag.length }));
      return timingSafeEqual(found, tag) && parsed !== undefined;
    },
  };
}

interface Derivation extends PasswordCost {
  readonly salt: Buffer;
  readonly tagBytes: number;
}

const argon2Of = promisify(argon2);

/** Composed and decomposed letters of a keyboard are one password. */
const derive = (password: string, { memoryKiB, passes, salt, tagBytes }: Derivation): Promise<Buffer> =>
  argon2Of('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    parallelism: 1,
    tagLength: tagBytes,
    memory: memoryKiB,
    passes,
  });

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

function parsePhc(stored: string): (PasswordCost & { readonly salt: Buffer; readonly tag: Buffer }) | undefined {
  const [, memory, passes, salt = '', tag = ''] = PHC.exec(stored) ?? [];
  if (memory === undefined) return undefined;
  return {
    memoryKiB: Number(memory),
    passes: Number(passes),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** Runs a few tasks at once and the others after them, in the order they came. */
function turns(): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= RUNNING_MAX) {
      if (waiting.length >= WAITING_MAX) throw new PasswordsBusy('Too many passwords are being checked.');
      // Whoever ends hands its place on: it is never free in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
