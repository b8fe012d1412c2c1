/** Several keys of one provider: the next one when one fails; keys come and go while it works. */
import { newKeyManager } from '@patchbay/llm';

const manager = newKeyManager('OpenAI', ['old-key-1', 'old-key-2']);
const call = (key: string): Promise<string> =>
  key === 'old-key-1' ? Promise.reject(new Error('401')) : Promise.resolve(`answered with ${key}`);

console.log(await manager.executeWithFailover(call)); // → answered with old-key-2

manager.addKey('new-key-1');
manager.removeKey('old-key-1');
manager.removeKey('old-key-2');
console.log(await manager.executeWithFailover(call)); // → answered with new-key-1
