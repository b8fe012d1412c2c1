import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Shapes of real credentials, each with the name a person would look for. */
const SHAPES = [
  ['an OpenAI key', /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,}/g],
  ['an Anthropic key', /\bsk-ant-[A-Za-z0-9_-]{20,}/g],
  ['an OpenRouter key', /\bsk-or-v1-[0-9a-f]{40,}/g],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/g],
  ['a Google OAuth token', /\bya29\.[0-9A-Za-z_-]{30,}/g],
  ['a Google OAuth client secret', /\bGOCSPX-[0-9A-Za-z_-]{20,}/g],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['a Groq key', /\bgsk_[A-Za-z0-9]{40,}/g],
  ['an xAI key', /\bxai-[A-Za-z0-9]{40,}/g],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/g],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})/g],
  ['a Patchbay key', /\bpb_[A-Za-z0-9]{6,}_[A-Za-z0-9_-]{24,}/g],
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g],
];
/** Text that marks a made-up secret; a test canary carries one of these words. */
const MADE_UP =
  /canary|example|fake|dummy|placeholder|not-?a-?real|test-?key|redacted|x{8,}|0{12,}|abcdef0123|1234567890/i;
const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

export const remedy =
  'Revoke the key, take it out of the file and of the history; a made-up one says so with the word "canary" in it.';

/** Tracked files that hold something shaped like a real credential. */
export async function problems(root) {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const found = [];
  for (const file of stdout.split('\0').filter((each) => each !== '' && each !== 'package-lock.json')) {
    const bytes = await readFile(path.join(root, file)).catch(() => undefined);
    if (bytes === undefined || bytes.length > LARGEST_FILE_BYTES || bytes.includes(0)) continue;
    found.push(
      ...secretsIn(bytes.toString('utf8')).map(({ line, what }) => `${file}:${line} holds what looks like ${what}`),
    );
  }
  return found;
}

/** What in `text` looks like a real credential: its line, from 1, and its kind; never the credential itself. */
export function secretsIn(text) {
  return SHAPES.flatMap(([what, shape]) =>
    [...text.matchAll(shape)]
      .filter(([match]) => !MADE_UP.test(match))
      .map(({ index }) => ({ line: text.slice(0, index).split('\n').length, what })),
  );
}
