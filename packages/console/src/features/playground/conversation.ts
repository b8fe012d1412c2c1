/** What goes with every question. Numbers are kept as they are written; an empty one leaves it to the model. */
export interface Settings {
  readonly system: string;
  readonly temperature: string;
  readonly topP: string;
  readonly maxTokens: string;
  /** Empty: what the model does by itself. */
  readonly effort: '' | 'low' | 'medium' | 'high';
}

/** Nothing set: the model's own defaults. */
export const NO_SETTINGS: Settings = { system: '', temperature: '', topP: '', maxTokens: '', effort: '' };

/** How an answer stands. */
export type ReplyState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';

/** What one model answered, as far as it has come. */
export interface Reply {
  readonly model: string;
  readonly state: ReplyState;
  readonly text: string;
  readonly reasoning: string;
  /** What went wrong, in the gateway's own words. */
  readonly error?: string;
  readonly requestId?: string;
  /** Until the first word or thought, in milliseconds, as seen by this page. */
  readonly firstMs?: number;
  readonly tookMs?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** A question and what each of the models answered to it. */
export interface Turn {
  readonly text: string;
  readonly replies: readonly Reply[];
}

/** One message as every dialect knows it. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** True while an answer may still grow. */
export const isOpen = ({ state }: Reply): boolean => state === 'waiting' || state === 'streaming';

/**
 * What one of the models is to know of the conversation. For turns before it was there, the first model's answer stands
 * in; turns without an answer are left out, since two questions in a row are refused by some providers.
 */
export function messagesFor(turns: readonly Turn[], lane: number, text: string): readonly Message[] {
  const past = turns.flatMap((turn): readonly Message[] => {
    const answer = (turn.replies[lane] ?? turn.replies[0])?.text ?? '';
    if (answer === '') return [];
    return [
      { role: 'user', content: turn.text },
      { role: 'assistant', content: answer },
    ];
  });
  return [...past, { role: 'user', content: text }];
}

/** Names of the settings that are numbers. */
export const NUMBERS = ['temperature', 'topP', 'maxTokens'] as const;

/** What is wrong with the numbers, by name: an empty one is right. */
export function faultsOf(settings: Settings): Readonly<Record<string, string>> {
  const wrong = NUMBERS.filter((name) => settings[name].trim() !== '' && !Number.isFinite(Number(settings[name])));
  return Object.fromEntries(wrong.map((name) => [name, 'Write a number, or nothing.']));
}

/** A number that was written; `undefined` where there is none. */
export const numberOf = (written: string): number | undefined =>
  written.trim() === '' || !Number.isFinite(Number(written)) ? undefined : Number(written);

/** The body of a call in OpenAI's chat dialect. */
export function chatBody(model: string, messages: readonly Message[], settings: Settings): object {
  const [temperature, topP, maxTokens] = NUMBERS.map((name) => numberOf(settings[name]));
  return {
    model,
    messages: [...(settings.system.trim() === '' ? [] : [{ role: 'system', content: settings.system }]), ...messages],
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(settings.effort !== '' && { reasoning_effort: settings.effort }),
  };
}
