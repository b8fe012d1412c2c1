import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { NO_USAGE, type Usage } from '../../model/usage.ts';

const CHARACTERS_PER_TOKEN = 4;

/** Usage by the simulator's own rule: one token per four characters, rounded up. */
export function countUsage(request: GenerationRequest, answer: readonly Part[]): Usage {
  const reasoning = answer.filter((part) => part.type === 'reasoning');
  const tools = request.tools === undefined ? 0 : JSON.stringify(request.tools).length;
  const input = request.messages.reduce((sum, message) => sum + characters(message.content), tools);
  return {
    ...NO_USAGE,
    inputTokens: tokens(input),
    outputTokens: tokens(characters(answer)),
    reasoningTokens: tokens(characters(reasoning)),
  };
}

const tokens = (count: number): number => Math.ceil(count / CHARACTERS_PER_TOKEN);

const characters = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + charactersOf(part), 0);

function charactersOf(part: Part): number {
  if (part.type === 'tool-call') return part.name.length + part.argumentsJson.length;
  if (part.type === 'tool-result') return characters(part.content);
  return 'text' in part ? part.text.length : 0;
}
