import type { Message } from '../../model/message.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { Digest } from './digest.ts';
import { visibleContent, type VisibleContent } from './visible-content.ts';

/** Assistant messages that stand together: one answer, an answer in pieces, or several. */
export interface AssistantRun {
  /** Index of its first message. */
  readonly from: number;
  /** Index behind its last message. */
  readonly to: number;
  /** Digests of what was said just before it and of all that was said before it. */
  readonly question: string;
  readonly history: string;
  /** What is seen of all its messages together. */
  readonly content: VisibleContent;
}

/** A conversation as far as answers are known again by it. */
export interface Conversation {
  readonly runs: readonly AssistantRun[];
  /** The digests that the next answer will find before it. */
  readonly next: { readonly question: string; readonly history: string };
}

/** Tells the answers of a conversation from what was asked. Instructions do not count: they change between calls. */
export function conversationOf({ messages }: Pick<GenerationRequest, 'messages'>): Conversation {
  const runs: AssistantRun[] = [];
  let history = '';
  let question = new Digest();
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index] as Message;
    if (message.role !== 'assistant') {
      if (message.role !== 'system') addAsked(question, message.content);
      continue;
    }
    const to = endOfRun(messages, index);
    const content = visibleContent(messages.slice(index, to).flatMap((each) => each.content));
    const run = { from: index, to, question: question.hex(), history, content };
    runs.push(run);
    history = chained(run);
    index = to - 1;
    if (to < messages.length) question = new Digest();
  }
  return { runs, next: { question: question.hex(), history } };
}

function endOfRun(messages: readonly Message[], from: number): number {
  let to = from + 1;
  while (messages[to]?.role === 'assistant') to += 1;
  return to;
}

const chained = ({ history, question, content }: AssistantRun): string =>
  new Digest().add(history).add(question).add(content.digest).hex();

/** Units of a text that are looked at from either end: enough to tell questions apart, however long tools' results are. */
const SAMPLE_CHARS = 512;

function addAsked(question: Digest, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.type === 'tool-result') addAsked(question, part.content);
    else if (part.type === 'media') {
      question.add(part.mediaType);
      addSample(question, Object.values(part.source).join(' '));
    } else if ('text' in part) addSample(question, part.text);
  }
}

function addSample(question: Digest, text: string): void {
  if (text.length <= 2 * SAMPLE_CHARS) question.addVisible(text);
  else {
    question.addVisible(text.slice(0, SAMPLE_CHARS));
    question.addVisible(text.slice(-SAMPLE_CHARS));
  }
}
