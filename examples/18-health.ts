/** How providers are: a test now, and a look every few minutes. */
import { newConnectivityTester, newHealthMonitor } from '@patchbay/llm';
import { newMockProvider } from '@patchbay/llm/testing';

const provider = newMockProvider('openai');
const { status, phase } = await newConnectivityTester().test(provider);
console.log(status, phase); // → success completed

const monitor = newHealthMonitor({ providers: [provider], intervalMs: 300_000 });
await monitor.start();
console.log(monitor.getHealth('openai')?.healthy); // → true
monitor.stop();
