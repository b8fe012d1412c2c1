const LF = 0x0a;
const CR = 0x0d;

/**
 * Index just after the last blank line of `bytes` (`\n\n`, `\r\n\r\n` or `\r\r`), 0 when there is none. Everything
 * before it is whole events.
 */
export function lastBoundary(bytes: Uint8Array): number {
  for (let end = bytes.length; end >= 2; end -= 1) {
    const last = bytes[end - 1];
    if (last !== LF && last !== CR) continue;
    const before = bytes[end - 2];
    if (before === last) return end;
    if (last === LF && before === CR && (bytes[end - 3] === LF || bytes[end - 3] === CR)) return end;
  }
  return 0;
}
