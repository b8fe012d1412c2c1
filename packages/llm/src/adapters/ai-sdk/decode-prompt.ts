import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningFilePart,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { AssistantMessage, Message, UserMessage } from '../../model/message.ts';
import type { MediaPart, MediaSource, Part, TextPart, ToolResultPart } from '../../model/part.ts';
import { breakpointOf, keptOf, type Kept } from './kept.ts';

/** What a prompt is read with: warnings collect here, and files are named as this provider knows them. */
export interface Reading {
  readonly providerId: string;
  readonly warnings: SharedV4Warning[];
}

/** Reads a prompt of the AI SDK. What no model could be told becomes a warning. */
export const decodePrompt = (prompt: LanguageModelV4Prompt, reading: Reading): readonly Message[] =>
  prompt.flatMap((message) => decodeMessage(message, reading));

function decodeMessage(message: LanguageModelV4Message, reading: Reading): readonly Message[] {
  const breakpoint = breakpointOf(message.providerOptions);
  switch (message.role) {
    case 'system':
      return [
        { role: 'system', audience: 'system', content: [{ type: 'text', text: message.content, ...breakpoint }] },
      ];
    case 'user':
      return [
        withBreakpoint({ role: 'user', content: message.content.map((part) => userPart(part, reading)) }, breakpoint),
      ];
    case 'assistant':
      return [
        withBreakpoint(
          { role: 'assistant', content: message.content.flatMap((part) => assistantPart(part, reading)) },
          breakpoint,
        ),
      ];
    case 'tool': {
      // An approval is the application's affair: what became of the call comes as its result.
      const results = message.content.filter((part) => part.type === 'tool-result');
      const content = results.map((part) => toolResult(part, reading));
      return content.length === 0 ? [] : [{ role: 'tool', content: onLast(content, breakpoint) }];
    }
  }
}

type Breakpoint = ReturnType<typeof breakpointOf>;

/** A breakpoint of a message is one of its last part, unless that has its own. */
const withBreakpoint = <M extends UserMessage | AssistantMessage>(message: M, breakpoint: Breakpoint): M => ({
  ...message,
  content: onLast(message.content, breakpoint),
});

const onLast = <P extends Part>(content: readonly P[], breakpoint: Breakpoint): readonly P[] =>
  content.map((part, at) => (at === content.length - 1 ? { ...breakpoint, ...part } : part));

type SpokenByUser = (LanguageModelV4Message & { role: 'user' })['content'][number];
type SpokenByModel = (LanguageModelV4Message & { role: 'assistant' })['content'][number];

function userPart(part: SpokenByUser, reading: Reading): Part {
  if (part.type === 'file') return mediaPart(part, reading);
  return textPart(part.text, keptOf(part.providerOptions), breakpointOf(part.providerOptions));
}

function assistantPart(part: SpokenByModel, reading: Reading): readonly Part[] {
  const kept = keptOf(part.providerOptions);
  const breakpoint = breakpointOf(part.providerOptions);
  switch (part.type) {
    case 'text':
      return [textPart(part.text, kept, breakpoint)];
    case 'reasoning': {
      const { signature, redacted, extras } = kept;
      return [
        {
          type: 'reasoning',
          text: part.text,
          ...(signature !== undefined && { signature }),
          ...(redacted !== undefined && { redacted }),
          ...(extras !== undefined && { extras }),
        },
      ];
    }
    case 'tool-call': {
      const argumentsJson = JSON.stringify(part.input) ?? '';
      const { toolCallId: id, toolName: name } = part;
      return [{ type: 'tool-call', id, name, argumentsJson, ...breakpoint, ...extrasOf(kept) }];
    }
    case 'file':
      return [mediaPart(part, reading)];
    case 'reasoning-file':
      return [mediaPart(part, reading)];
    case 'custom':
      if (kept.part !== undefined) return [kept.part];
      reading.warnings.push(unsupported(`part ${part.kind}`, 'Only what this provider has given out can come back.'));
      return [];
    case 'tool-result':
      reading.warnings.push(unsupported(`result of ${part.toolName} in an answer`, 'Another provider ran this tool.'));
      return [];
  }
}

const extrasOf = ({ extras }: Kept): Pick<Kept, 'extras'> => (extras === undefined ? {} : { extras });

const textPart = (text: string, kept: Kept, breakpoint: Breakpoint): Part => ({
  type: kept.refusal === true ? 'refusal' : 'text',
  text,
  ...breakpoint,
  ...extrasOf(kept),
});

/** A warning that something cannot be asked. */
export const unsupported = (feature: string, details?: string): SharedV4Warning => ({
  type: 'unsupported',
  feature,
  ...(details !== undefined && { details }),
});

type File = Pick<LanguageModelV4FilePart, 'data' | 'mediaType' | 'filename' | 'providerOptions'>;

function mediaPart(file: File | LanguageModelV4ReasoningFilePart, { providerId }: Reading): MediaPart {
  const { data, mediaType, providerOptions } = file;
  return {
    type: 'media',
    // The AI SDK names a whole kind by its first word alone.
    mediaType: mediaType.includes('/') ? mediaType : `${mediaType}/*`,
    source: sourceOf(data, providerId),
    ...('filename' in file && file.filename !== undefined && { filename: file.filename }),
    ...breakpointOf(providerOptions),
    ...extrasOf(keptOf(providerOptions)),
  };
}

function sourceOf(data: LanguageModelV4FilePart['data'], providerId: string): MediaSource {
  switch (data.type) {
    case 'data':
      return { kind: 'base64', data: typeof data.data === 'string' ? data.data : base64Of(data.data) };
    case 'url':
      return { kind: 'url', url: data.originalUrl ?? data.url.href };
    case 'text':
      return { kind: 'text', text: data.text };
    case 'reference': {
      const named: string | undefined = data.reference[providerId] ?? Object.values(data.reference)[0];
      return { kind: 'file', fileId: named ?? '' };
    }
  }
}

/** Arguments that a function call may have, with room to spare. */
const BYTES_AT_ONCE = 8192;

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE)
    binary += String.fromCharCode(...bytes.subarray(at, at + BYTES_AT_ONCE));
  return btoa(binary);
}

function toolResult(part: LanguageModelV4ToolResultPart, reading: Reading): ToolResultPart {
  const { output, toolCallId } = part;
  const content = resultContent(output, reading);
  const isError = output.type === 'error-text' || output.type === 'error-json' || output.type === 'execution-denied';
  return { type: 'tool-result', toolCallId, content, isError, ...breakpointOf(part.providerOptions) };
}

function resultContent(output: LanguageModelV4ToolResultOutput, reading: Reading): readonly Part[] {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return [textOnly(output.value)];
    case 'json':
    case 'error-json':
      return [textOnly(JSON.stringify(output.value))];
    case 'execution-denied':
      return [textOnly(output.reason ?? 'The user did not allow this call.')];
    case 'content':
      return output.value.flatMap((each): readonly Part[] => {
        if (each.type === 'text') return [textOnly(each.text)];
        if (each.type === 'file') return [mediaPart(each, reading)];
        reading.warnings.push(unsupported('a custom part of a tool result'));
        return [];
      });
  }
}

const textOnly = (text: string): TextPart => ({ type: 'text', text });
