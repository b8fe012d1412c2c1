/** A process of its own that stores tokens into a shared file: `node store-in-turn.ts <file> <name> <count> [key]`. */
import { newFileTokenStorage } from '../../src/kit/auth.ts';

const [, , file = '', name = '', count = '0', encryptionKey] = process.argv;
const storage = newFileTokenStorage(file, encryptionKey === undefined ? {} : { encryptionKey, lockTimeout: 60_000 });
for (let at = 0; at < Number(count); at += 1)
  await storage.storeToken(`${name}-${at}`, { accessToken: `${name} ${at}` });
