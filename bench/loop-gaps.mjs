import { performance } from 'node:perf_hooks';
import process from 'node:process';

/**
 * Watches how long the event loop is busy at a stretch: by the clock, and by the CPU time of its thread, which other
 * processes do not lengthen. Both in milliseconds.
 */
export function watchLoop() {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let worst = { wallMs: 0, cpuMs: 0 };
  let last = { wall: performance.now(), cpu: cpuMs() };
  let on = true;
  const look = () => {
    if (!on) return;
    const now = { wall: performance.now(), cpu: cpuMs() };
    worst = { wallMs: Math.max(worst.wallMs, now.wall - last.wall), cpuMs: Math.max(worst.cpuMs, now.cpu - last.cpu) };
    last = now;
    setImmediate(look);
  };
  setImmediate(look);
  return {
    take: () => {
      const taken = worst;
      worst = { wallMs: 0, cpuMs: 0 };
      return taken;
    },
    stop: () => {
      on = false;
    },
  };
}
