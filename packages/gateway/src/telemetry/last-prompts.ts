import { redactText } from '@patchbay/llm/transport/redact-text';

/** Features whose prompts are remembered. */
export const PROMPTED_ENDPOINTS = ['outline', 'slides', 'images'] as const;

/** A feature that prompts models by itself. */
export type PromptedEndpoint = (typeof PROMPTED_ENDPOINTS)[number];

/** What a model was asked last on behalf of a feature, and how that went. */
export interface LastPrompt {
  readonly requestId: string;
  /** As it was addressed. */
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly askedAtMs: number;
  /** Absent while the answer is on its way. */
  readonly answeredAtMs?: number;
  /** The beginning of the answer, or why there is none. */
  readonly answer?: string;
}

/** Remembers the last prompt of each feature, in memory alone, without what looks like a credential. */
export interface LastPrompts {
  record(endpoint: PromptedEndpoint, prompt: LastPrompt): void;
  of(endpoint: PromptedEndpoint): LastPrompt | undefined;
}

/** Longest message and longest answer kept, in characters. */
const MESSAGE_CHARACTERS_MAX = 64 * 1024;
const ANSWER_CHARACTERS_MAX = 2000;

/** Makes a memory of last prompts. */
export function createLastPrompts(): LastPrompts {
  const last = new Map<PromptedEndpoint, LastPrompt>();
  return {
    record(endpoint, prompt) {
      const messages = prompt.messages.map(({ role, content }) => ({
        role,
        content: kept(content, MESSAGE_CHARACTERS_MAX),
      }));
      const answer = prompt.answer === undefined ? {} : { answer: kept(prompt.answer, ANSWER_CHARACTERS_MAX) };
      last.set(endpoint, { ...prompt, messages, ...answer });
    },
    of: (endpoint) => last.get(endpoint),
  };
}

/** Hidden before it is cut: half a credential would not be recognized. */
function kept(text: string, max: number): string {
  const safe = redactText(text);
  return safe.length > max ? `${safe.slice(0, max)}… (${safe.length - max} more characters)` : safe;
}
