import path from 'node:path';
import { ask, endChild, startChild } from './children.mjs';

/** Times pieces of the library in a process of their own on the gateway's core; nothing when they do not load. */
export async function runMicro(_session, _targets, { durationMs }, report) {
  const args = ['--conditions=patchbay-src', path.join(import.meta.dirname, 'micro.mjs')];
  const child = startChild('gateway', process.execPath, args, {
    env: { ...process.env, MICRO_MS: String(durationMs / 6) },
    hasChannel: true,
  });
  try {
    const { series, missing } = await ask(child);
    for (const [key, figures] of Object.entries(series)) report(`${key}: ${JSON.stringify(figures)}`);
    for (const sentence of missing) report(sentence);
    return series;
  } catch (error) {
    report(`micro is left out: ${error.message}`);
    return {};
  } finally {
    endChild(child);
  }
}
