import type { Message } from '../../model/message.ts';
import { lose, type LossList } from '../losses.ts';
import type { PlacedMessage } from './placed-message.ts';

/**
 * Makes one message of those of one role that follow each other, instructions excepted. They say the same as before, so
 * that only members of theirs that have no place beside others' are losses. Linear.
 */
export function joinTurns(messages: readonly PlacedMessage[], losses: LossList): readonly PlacedMessage[] {
  const turns: PlacedMessage[][] = [];
  for (const placed of messages) {
    const turn = turns.at(-1);
    const { role } = placed.message;
    if (role !== 'system' && turn?.[0]?.message.role === role) turn.push(placed);
    else turns.push([placed]);
  }
  return turns.map((turn) => joined(turn, losses));
}

function joined(turn: readonly PlacedMessage[], losses: LossList): PlacedMessage {
  const [first, ...more] = turn as readonly [PlacedMessage, ...PlacedMessage[]];
  if (more.length === 0) return first;
  const kept = turn.find(({ message }) => message.extras !== undefined);
  for (const { message, index } of more)
    if (message.extras !== undefined && message !== kept?.message)
      lose(losses, { path: `messages[${index}]`, what: 'members of a joined message', instead: 'dropped' });
  const content = turn.flatMap(({ message }): Message['content'] => message.content);
  const extras = kept === undefined ? {} : { extras: kept.message.extras };
  // All messages of a turn have one role, and so has their content.
  return { message: { ...first.message, ...extras, content } as Message, index: first.index };
}
