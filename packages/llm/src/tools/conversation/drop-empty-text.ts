import type { Message } from '../../model/message.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import { lose, type LossList } from '../losses.ts';
import type { PlacedMessage } from './placed-message.ts';

/**
 * Stands in a user's message that would say nothing: without it the model would go on where it stopped. It stays when
 * more is said behind it, or the beginning that a provider has cached would change.
 */
const STAND_IN = '(empty message)';

/** Drops text parts that say nothing, and messages that consisted of them. Messages that stay as they are stay the same. */
export function dropEmptyText(
  messages: readonly PlacedMessage[],
  blank: boolean,
  losses: LossList,
): readonly PlacedMessage[] {
  const dropping: Dropping = { blank, losses };
  return messages.flatMap(({ message, index }) => {
    const path = `messages[${index}]`;
    const content =
      message.role === 'tool'
        ? emptiedResults(message.content, path, dropping)
        : emptied(message.content, path, dropping);
    if (content === message.content) return [{ message, index }];
    // Content of one role stays content of that role.
    if (content.length > 0) return [{ message: { ...message, content } as Message, index }];
    if (message.role === 'user' && message.content.length > 0)
      return [{ message: { ...message, content: [{ type: 'text', text: STAND_IN }] }, index }];
    if (message.extras !== undefined) lose(losses, { path, what: 'members of an empty message', instead: 'dropped' });
    return [];
  });
}

interface Dropping {
  /** True when white space says nothing. */
  readonly blank: boolean;
  readonly losses: LossList;
}

function emptiedResults(
  results: readonly ToolResultPart[],
  path: string,
  dropping: Dropping,
): readonly ToolResultPart[] {
  const made = results.map((result, at) => {
    const content = emptied(result.content, `${path}.content[${at}]`, dropping);
    return content === result.content ? result : { ...result, content };
  });
  return made.every((result, at) => result === results[at]) ? results : made;
}

function emptied(parts: readonly Part[], path: string, { blank, losses }: Dropping): readonly Part[] {
  const kept: Part[] = [];
  // Beside other parts an empty text is nothing, and nothing is lost with it.
  const isMissed = parts.every((part) => isEmpty(part, blank));
  for (const [at, part] of parts.entries()) {
    if (!isEmpty(part, blank)) {
      kept.push(part);
      continue;
    }
    if (isMissed || (part.type === 'text' && part.text !== ''))
      lose(losses, { path: `${path}.content[${at}]`, what: 'text that says nothing', instead: 'dropped' });
    const before = kept.at(-1);
    if (part.cacheControl === undefined) continue;
    // What was to be cached ends at the part before.
    const isFree = before !== undefined && before.cacheControl === undefined && before.type !== 'reasoning';
    if (isFree) kept[kept.length - 1] = { ...before, cacheControl: part.cacheControl };
    const instead = isFree ? 'moved' : 'dropped';
    lose(losses, { path: `${path}.content[${at}].cacheControl`, what: 'cache breakpoint', instead });
  }
  return kept.length === parts.length ? parts : kept;
}

/** What carries more than its text is never empty: some vendors sign a part without text. */
const isEmpty = (part: Part, blank: boolean): boolean =>
  part.type === 'text' && part.extras === undefined && (blank ? part.text.trim() : part.text) === '';
