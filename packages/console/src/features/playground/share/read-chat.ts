import { IMAGES, type Attachment, type AttachmentKind } from '../attachments/attachment.ts';
import type { Reply, ToolCall, Turn } from '../conversation.ts';
import { LANES_MAX } from '../lane-columns.ts';
import { EFFORTS, NO_SETTINGS, type Settings } from '../parameters.ts';
import type { Tool } from '../tools/tool.ts';
import type { KeptChat } from './kept-chat.ts';

const TURNS_MAX = 500;
const ROUNDS_MAX = 50;
const PARTS_MAX = 100;
const MODEL_CHARS_MAX = 300;

type Json = Readonly<Record<string, unknown>>;

/** A chat from whatever somebody put into a link: what has another shape is left out, what is missing is empty. */
export function readChat(value: unknown): KeptChat {
  const chat = membersOf(value);
  const models = textsOf(chat['models'], LANES_MAX).filter((each) => each !== '' && each.length <= MODEL_CHARS_MAX);
  return {
    models,
    settings: readSettings(membersOf(chat['settings'])),
    tools: listOf(chat['tools'], PARTS_MAX).map(readTool),
    turns: listOf(chat['turns'], TURNS_MAX).map(readTurn),
  };
}

/** Settings of which only some values make sense. */
const CHOICES: Readonly<Partial<Record<keyof Settings, readonly string[]>>> = {
  effort: EFFORTS,
  format: ['json', 'schema'],
  toolChoice: ['auto', 'required', 'none'],
  parallelCalls: ['yes', 'no'],
};

function readSettings(written: Json): Settings {
  const known = Object.keys(NO_SETTINGS) as (keyof Settings)[];
  const read = known.map((name) => {
    const text = textOf(written[name]);
    return [name, CHOICES[name]?.includes(text) === false ? '' : text] as const;
  });
  return { ...NO_SETTINGS, ...Object.fromEntries(read) };
}

const readTool = (tool: Json): Tool => ({
  name: textOf(tool['name']),
  description: textOf(tool['description']),
  schema: textOf(tool['schema']),
});

const readTurn = (turn: Json): Turn => ({
  text: textOf(turn['text']),
  attachments: listOf(turn['attachments'], PARTS_MAX).flatMap(readAttachment),
  lanes: (Array.isArray(turn['lanes']) ? turn['lanes'] : [])
    .slice(0, LANES_MAX)
    .map((lane: unknown) => listOf(lane, ROUNDS_MAX).map(readReply)),
});

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const KINDS: Readonly<Record<AttachmentKind, (mediaType: string, content: string) => boolean>> = {
  image: (mediaType, content) => IMAGES.has(mediaType) && BASE64.test(content),
  document: (mediaType, content) => mediaType === 'application/pdf' && BASE64.test(content),
  text: (mediaType) => mediaType === 'text/plain',
};

function readAttachment(written: Json): readonly Attachment[] {
  const kind = textOf(written['kind']);
  if (kind !== 'image' && kind !== 'document' && kind !== 'text') return [];
  const [mediaType, content] = [textOf(written['mediaType']), written['content']];
  if (!KINDS[kind](mediaType, typeof content === 'string' ? content : '')) return [];
  return [
    {
      kind,
      mediaType,
      name: textOf(written['name']),
      bytes: countOf(written['bytes']) ?? 0,
      ...(typeof content === 'string' && { content }),
    },
  ];
}

/** Nothing grows in a chat that was kept: what was on its way then was stopped. */
function readReply(written: Json): Reply {
  const state = textOf(written['state']);
  const [finish, error, requestId] = [written['finish'], written['error'], written['requestId']];
  return {
    model: textOf(written['model']),
    state: state === 'done' || state === 'failed' ? state : 'stopped',
    text: textOf(written['text']),
    reasoning: textOf(written['reasoning']),
    calls: listOf(written['calls'], PARTS_MAX).map(readCall),
    losses: listOf(written['losses'], PARTS_MAX).map((loss) => ({
      path: textOf(loss['path']),
      instead: textOf(loss['instead']),
    })),
    ...(typeof finish === 'string' && { finish }),
    ...(typeof error === 'string' && { error }),
    ...(typeof requestId === 'string' && { requestId }),
    ...readFigures(written),
  };
}

const FIGURES = ['firstMs', 'tookMs', 'inputTokens', 'outputTokens'] as const;

const readFigures = (written: Json): Partial<Reply> =>
  Object.fromEntries(
    FIGURES.flatMap((name) => {
      const value = countOf(written[name]);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

const readCall = (call: Json): ToolCall => ({
  id: textOf(call['id']),
  name: textOf(call['name']),
  argumentsJson: textOf(call['argumentsJson']),
  ...(typeof call['result'] === 'string' && { result: call['result'] }),
});

const membersOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
const listOf = (value: unknown, max: number): readonly Json[] =>
  Array.isArray(value) ? value.slice(0, max).map(membersOf) : [];
const textsOf = (value: unknown, max: number): readonly string[] =>
  Array.isArray(value) ? value.slice(0, max).map(textOf) : [];
