import type { Message } from '../model/message.ts';
import { dropEmptyText } from './conversation/drop-empty-text.ts';
import { joinTurns } from './conversation/join-turns.ts';
import { pairResults } from './conversation/pair-results.ts';
import { newLosses, reported, type Loss } from './losses.ts';

/** What a target refuses in a conversation beyond what all of them refuse. Every key is optional; absent means no. */
export interface ConversationRules {
  /** Text that is nothing but white space is refused like empty text. */
  readonly refusesBlankText?: boolean;
  /** Two messages of one role may not follow each other. */
  readonly refusesSameRole?: boolean;
  /** Results must stand in the order of their calls, because the target tells them apart by nothing else. */
  readonly resultsInCallOrder?: boolean;
}

/** Messages, and what was done to them. */
export interface ChangedConversation {
  readonly messages: readonly Message[];
  readonly losses: readonly Loss[];
}

/**
 * Repairs a conversation that servers would refuse, in the way that loses least:
 *
 * - a result of no call becomes a user's message that says so;
 * - a call without a result gets one that says that none is known, as an error;
 * - a result that stands elsewhere moves to its call, a second result for one call is added to the first;
 * - a call by the id of an earlier call gets an id of its own, and so do its results;
 * - empty text goes, and messages of nothing else; a user's message stays and says that it is empty;
 * - messages of one role become one, where the rules ask for it.
 *
 * Thoughts and whatever carries `extras` are never touched. Every repair is a loss at its place in `messages` as given,
 * the first hundred one by one; an empty text beside other parts is nothing to lose. A conversation that needs no repair comes back as the very same list, and messages that
 * need none as the very same objects. Linear. What it returns needs no repair.
 */
export function repairConversation(messages: readonly Message[], rules: ConversationRules = {}): ChangedConversation {
  const losses = newLosses();
  const placed = messages.map((message, index) => ({ message, index }));
  const spoken = dropEmptyText(placed, rules.refusesBlankText === true, losses);
  const paired = pairResults(spoken, rules.resultsInCallOrder === true, losses);
  const joined = rules.refusesSameRole === true ? joinTurns(paired, losses) : paired;
  const untouched = joined.length === messages.length && joined.every(({ message }, at) => message === messages[at]);
  return {
    messages: untouched ? messages : joined.map(({ message }) => message),
    losses: reported(losses, 'messages'),
  };
}
