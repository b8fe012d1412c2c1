/**
 * Gemini's clients write the model into the path, slashes and colons included; the last colon parts it from the verb.
 * Vercel's and LangChain's leave out `models/` before a name that has a slash.
 */
const ADDRESS = /^\/v1(?:beta1?|alpha)?\/(?:publishers\/google\/)?(?:models\/)?(.+):([a-zA-Z]+)$/;

/** What a path of Gemini's says. */
export interface GeminiAddress {
  /** With its percent escapes read. */
  readonly model: string;
  /** `generateContent` and so on, as it was written. */
  readonly verb: string;
}

/** The model and the verb that a path names; `undefined` when it is no path of Gemini's. */
export function readAddress(path: string): GeminiAddress | undefined {
  const [, written = '', verb = ''] = ADDRESS.exec(path) ?? [];
  const model = decoded(written);
  return verb === '' || model === undefined ? undefined : { model, verb };
}

/** Text with its percent escapes read; `undefined` when they make no text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
