import { memberNames, statusIn, type Operation, type OperationFailure } from '@patchbay/contract';

import type { Principal } from '../../identity/principal.ts';
import type { Circumstances } from '../../operations/handler.ts';
import { lackOf } from '../../serving/admission.ts';
import { readParts, type GivenParts } from '../../serving/read-request.ts';
import { failureOfError, perform, type PerformingParts } from '../../serving/serve-operation.ts';
import type { Members } from './json-rpc.ts';
import type { Tool } from './tools.ts';

/** What surrounds the call of a tool. Somebody always asks: there is no tool for strangers. */
export interface ToolCircumstances extends Circumstances {
  readonly principal: Principal;
}

/** Has a tool's operation done as its own route would, and says how that went. Never rejects: failures are told. */
export async function callTool(
  parts: PerformingParts,
  tool: Tool,
  given: Members,
  circumstances: ToolCircumstances,
): Promise<object> {
  const { operation } = tool;
  const lack = lackOf(operation, circumstances.principal);
  if (lack !== undefined) return toolFailure(operation, lack);
  const strange = strangersIn(operation, given);
  if (strange !== undefined) return toolFailure(operation, strange);
  const asked = readParts(operation, partsOf(operation, given));
  if (!asked.ok) return toolFailure(operation, asked.failure);
  try {
    const answer = await perform(parts, tool, asked.value, circumstances);
    return answer.ok ? toolResult(answer.value) : toolFailure(operation, answer.failure);
  } catch (error) {
    return toolFailure(operation, failureOfError(parts, error, circumstances.requestId));
  }
}

/** A filter that is misspelt would show everything. Where there is a body, it takes or refuses what others do not know. */
function strangersIn(operation: Operation, given: Members): OperationFailure | undefined {
  const known = [...memberNames(operation.params), ...memberNames(operation.query)];
  const strangers = Object.keys(given).filter((name) => !known.includes(name));
  if (operation.body !== undefined || strangers.length === 0) return undefined;
  const message = known.length === 0 ? 'This tool takes no arguments.' : `This tool takes ${known.join(', ')}.`;
  return { code: 'INVALID_INPUT', message, field: strangers.join(', ').slice(0, FIELD_CHARACTERS_MAX) };
}

const FIELD_CHARACTERS_MAX = 200;

/** Arguments as the parts of a request. */
function partsOf(operation: Operation, given: Members): GivenParts {
  const ofPath = new Set(memberNames(operation.params));
  const ofQuery = new Set(memberNames(operation.query));
  const pick = (isWanted: (name: string) => boolean): Members =>
    Object.fromEntries(Object.entries(given).filter(([name]) => isWanted(name)));
  return {
    params: pick((name) => ofPath.has(name)),
    query: pick((name) => ofQuery.has(name) && !ofPath.has(name)),
    body: () => ({ ok: true, value: pick((name) => !ofPath.has(name) && !ofQuery.has(name)) }),
  };
}

/** The answer twice: as text for models, and as data for programs. */
function toolResult(value: unknown): object {
  // Dates and secrets as they would be sent.
  const text = JSON.stringify(value ?? { success: true });
  return { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) as object };
}

/** A failure that a model can read and act on. */
function toolFailure({ face }: Operation, failure: OperationFailure): object {
  const { code, message, field, suggestions, validationErrors, retryAfterMs } = failure;
  const status = statusIn(face, code);
  const wrong = (validationErrors ?? []).map((each) => `${each.field}: ${each.message}`);
  const text = [`${code} (${status}): ${message}`, ...wrong].join('\n');
  const error = { code, status, message, field, suggestions, validationErrors, retryAfterMs };
  return { isError: true, content: [{ type: 'text', text }], structuredContent: { error } };
}
