import path from 'node:path';
import { inspect } from 'node:util';

/** The suite's last line: `N passed, N failed`, with `, N skipped` when some were. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** One failed test as text: where it is, its name, and the cause; empty cause for a parent of failed tests. */
export function describeFailure(data, root) {
  const where = data.file === undefined ? '' : `${path.relative(root, data.file)}:${data.line ?? 0} `;
  const error = data.details?.error;
  if (error?.failureType === 'subtestsFailed') return `FAIL ${where}${data.name} (a test inside failed)`;
  const cause = error?.cause ?? error;
  const text = typeof cause === 'string' ? cause : inspect(cause, { depth: 4, colors: false });
  return `FAIL ${where}${data.name}\n${text.replace(/^/gm, '    ')}`;
}
