import type { Message, ToolMessage } from '../model/message.ts';
import type { MediaPart, Part, ToolResultPart } from '../model/part.ts';
import { lose, newLosses, reported, type LossList } from './losses.ts';
import type { ChangedConversation } from './repair-conversation.ts';

/** Stands in a result that held nothing but media. */
const STAND_IN = 'The result is in the next message.';

/**
 * For targets whose tool results are text only: takes media out of the results and puts them into a user's message
 * directly behind the results of that answer, each behind a sentence that names its call. Documents that are text become
 * text where they stand. Every part is a loss at its place in `messages` as given, the first hundred one by one. Messages
 * without such parts stay the same objects, and a conversation without them comes back as the very same list. Linear.
 *
 * Where a target refuses two messages of one role, `repairConversation` comes after this.
 */
export function hoistMedia(messages: readonly Message[]): ChangedConversation {
  const losses = newLosses();
  const names = new Map<string, string>();
  const made: Message[] = [];
  let hoisted: Part[] = [];
  const flush = (): void => {
    if (hoisted.length > 0) made.push({ role: 'user', content: hoisted });
    hoisted = [];
  };
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'tool') flush();
    if (message.role === 'assistant')
      for (const part of message.content) if (part.type === 'tool-call') names.set(part.id, part.name);
    made.push(message.role === 'tool' ? withoutMedia(message, { index, hoisted, names, losses }) : message);
  }
  flush();
  const untouched = losses.kept.length === 0;
  return { messages: untouched ? messages : made, losses: reported(losses, 'messages') };
}

interface Hoisting {
  readonly index: number;
  /** Takes what the next user's message is to hold. */
  readonly hoisted: Part[];
  /** Names of the tools called so far, by the ids of the calls. */
  readonly names: ReadonlyMap<string, string>;
  readonly losses: LossList;
}

function withoutMedia(message: ToolMessage, hoisting: Hoisting): ToolMessage {
  const content = message.content.map((result, at) =>
    textOnly(result, `messages[${hoisting.index}].content[${at}]`, hoisting),
  );
  return content.every((result, at) => result === message.content[at]) ? message : { ...message, content };
}

function textOnly(result: ToolResultPart, path: string, { hoisted, names, losses }: Hoisting): ToolResultPart {
  if (result.content.every(({ type }) => type !== 'media')) return result;
  const kept: Part[] = [];
  const media: MediaPart[] = [];
  for (const [at, part] of result.content.entries()) {
    const isText = part.type === 'media' && part.source.kind === 'text';
    if (part.type !== 'media') kept.push(part);
    else if (part.source.kind === 'text') kept.push(asText(part, part.source.text));
    else media.push(part);
    if (part.type === 'media')
      lose(losses, {
        path: `${path}.content[${at}]`,
        what: isText ? 'document of a tool result' : `${part.mediaType} of a tool result`,
        instead: isText ? 'approximated' : 'moved',
      });
  }
  if (media.length > 0) hoisted.push({ type: 'text', text: sentence(result, names.get(result.toolCallId)) });
  for (const part of media) hoisted.push(part);
  return { ...result, content: kept.length > 0 ? kept : [{ type: 'text', text: STAND_IN }] };
}

const sentence = ({ toolCallId }: ToolResultPart, name: string | undefined): string =>
  `Result of the tool call ${toolCallId}${name === undefined ? '' : ` (${name})`}:`;

/** A document that is text, behind its name. */
const asText = ({ filename, cacheControl }: MediaPart, text: string): Part => ({
  type: 'text',
  text: filename === undefined ? text : `${filename}:\n${text}`,
  ...(cacheControl !== undefined && { cacheControl }),
});
