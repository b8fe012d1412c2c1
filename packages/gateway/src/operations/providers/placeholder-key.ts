import type { Secret } from '@patchbay/llm/credentials/secret';

/** Keys as documentation writes them. */
const PLACEHOLDERS: readonly string[] = [
  'sk-your-api-key-here',
  'sk-ant-your-api-key-here',
  'sk-your-key',
  'sk-your-api-key',
  'your-api-key-here',
  'your-api-key',
  'your_api_key',
  'YOUR_API_KEY',
  'changeme',
];

/** True for a key that somebody copied from a guide and did not replace. */
export const isPlaceholderKey = (key: string | Secret): boolean =>
  typeof key === 'string'
    ? PLACEHOLDERS.includes(key)
    : // A secret hides the whole of a text only when it is that text.
      PLACEHOLDERS.some((each) => key.hideIn(each) === String(key));
