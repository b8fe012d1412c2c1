/** What English text and JSON come to in the tokenizers of today. */
const BYTES_PER_TOKEN = 4;

/** Tokens of so many bytes, roughly: for cancelled calls and for providers that do not count. */
export const estimateTokens = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);
