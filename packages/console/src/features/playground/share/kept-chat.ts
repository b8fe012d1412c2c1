import type { Turn } from '../conversation.ts';
import type { Setup } from '../use-chat.ts';

/** A conversation as it is saved and shared: what was said, to whom and with what. No key is part of it. */
export interface KeptChat extends Setup {
  readonly turns: readonly Turn[];
}

/** A name for it: how its first question begins. */
export function nameOf({ turns }: Pick<KeptChat, 'turns'>): string {
  const first = turns[0];
  const words = (first?.text ?? '').trim().replaceAll(/\s+/g, ' ') || first?.attachments[0]?.name || 'Empty chat';
  return words.length > NAME_CHARS ? `${words.slice(0, NAME_CHARS - 1)}…` : words;
}

const NAME_CHARS = 60;
