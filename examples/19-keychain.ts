/** Tokens in the keychain of the operating system, through a library of the program's choice. */
import { newKeychainTokenStorage, type KeychainEntry } from '@patchbay/llm';

// Stands in for a keychain. With `@napi-rs/keyring`: entryOf = (account) => new AsyncEntry('my-program', account).
const secrets = new Map<string, string>();
const entryOf = (account: string): KeychainEntry => ({
  getPassword: () => secrets.get(account),
  setPassword: (text) => void secrets.set(account, text),
  deletePassword: () => secrets.delete(account),
});

const storage = newKeychainTokenStorage({ entryOf });
await storage.storeToken('gemini', { accessToken: 'a'.repeat(4000), refreshToken: 'r' });
const token = await storage.retrieveToken('gemini');
console.log(await storage.listTokens(), token?.accessToken?.length); // → [ 'gemini' ] 4000

// Some keychains keep 2 560 bytes under a name: a longer token has several.
const longest = Math.max(...[...secrets.values()].map((text) => text.length));
console.log(longest < 1280, secrets.size > 4); // → true true

await storage.deleteToken('gemini');
console.log(await storage.listTokens()); // → []
