import { defineCheck } from '../check.ts';

const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** A leak is seen long before the memory ends, if somebody looks. */
export const systemMemoryGrows = defineCheck({
  id: 'system-memory-grows',
  title: 'Whether memory that is held grows and grows',
  codes: { 'memory-grows': { severity: 'warning', title: 'The process holds more and more memory' } },
  symptoms: ['providers-memory', 'library-memory'],
  reach: 'here',
  needs: ['memoryTrend'],
  run: ({ memoryTrend }) => {
    const growth = memoryTrend.growth();
    if (growth === undefined) return Promise.resolve([]);
    const { minutes } = growth;
    const [fromMiB, toMiB] = [mib(growth.fromBytes), mib(growth.toBytes)];
    return Promise.resolve([
      {
        code: 'memory-grows',
        subject: 'gateway',
        cause: `What is left after collecting garbage rose from ${fromMiB} to ${toMiB} MiB in ${minutes} minutes, without ever falling.`,
        remedy:
          'Restart it when it suits, and send a support bundle from before; if a plugin was added lately, run without it and look whether it goes on.',
        evidence: { fromMiB, toMiB, minutes },
      },
    ]);
  },
});
