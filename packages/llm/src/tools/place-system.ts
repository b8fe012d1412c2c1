import type { Message, SystemMessage } from '../model/message.ts';
import { lose, newLosses, reported, type LossList } from './losses.ts';
import type { ChangedConversation } from './repair-conversation.ts';

/**
 * Where instructions from the middle go. `start`: behind those at the start, where they weigh as much as these but are
 * heard too early. `user`: they stay in their place as what the user says, behind a mark.
 */
export type SystemPlace = 'start' | 'user';

/** Tells the model whose words follow. */
const MARK = 'System instruction:';

/**
 * For targets that take instructions only at the start: finds a place for those in the middle. Never between calls and
 * their results: there they wait until the results are given. Each is a loss at its place in `messages` as given, the
 * first hundred one by one. All other messages stay the same objects, and a conversation without such instructions comes
 * back as the very same list. Linear.
 *
 * Where a target refuses two messages of one role, `repairConversation` comes after this.
 */
export function placeSystem(messages: readonly Message[], place: SystemPlace): ChangedConversation {
  const first = messages.findIndex(({ role }) => role !== 'system');
  const start = first < 0 ? messages.length : first;
  const losses = newLosses();
  const made = place === 'start' ? atStart(messages, start, losses) : asUser(messages, start, losses);
  const untouched = losses.kept.length === 0;
  return { messages: untouched ? messages : made, losses: reported(losses, 'messages') };
}

function atStart(messages: readonly Message[], start: number, losses: LossList): readonly Message[] {
  const late: Message[] = [];
  const spoken: Message[] = [];
  for (const [index, message] of messages.entries()) {
    if (index < start) continue;
    if (message.role !== 'system') {
      spoken.push(message);
      continue;
    }
    late.push(message);
    lose(losses, {
      path: `messages[${index}]`,
      what: 'instructions in the middle of the conversation',
      instead: 'moved',
    });
  }
  return [...messages.slice(0, start), ...late, ...spoken];
}

function asUser(messages: readonly Message[], start: number, losses: LossList): readonly Message[] {
  const made: Message[] = messages.slice(0, start);
  let waiting: Message[] = [];
  for (const [index, message] of messages.entries()) {
    if (index < start) continue;
    if (message.role !== 'system') {
      // Results still to come join their calls first.
      if (message.role !== 'tool') {
        for (const each of waiting) made.push(each);
        waiting = [];
      }
      made.push(message);
      continue;
    }
    const isSilent = message.content.length === 0;
    const what = isSilent
      ? 'settings in the middle of the conversation'
      : 'instructions in the middle of the conversation';
    lose(losses, { path: `messages[${index}]`, what, instead: isSilent ? 'dropped' : 'approximated' });
    if (!isSilent) waiting.push(spokenByUser(message));
  }
  return [...made, ...waiting];
}

const spokenByUser = ({ content, extras }: SystemMessage): Message => ({
  role: 'user',
  content: [{ type: 'text', text: MARK }, ...content],
  ...(extras !== undefined && { extras }),
});
