import type { AssistantMessage, Message, ToolMessage } from '../../model/message.ts';
import type { ToolResultPart } from '../../model/part.ts';
import { lose, type Loss, type LossList } from '../losses.ts';
import { matchResults, resultOf, type Call, type Fate, type Match } from './match-results.ts';
import type { PlacedMessage } from './placed-message.ts';

/** Says to the model that nobody knows what became of a call. */
const UNKNOWN_RESULT = 'No result of this call is known.';

/**
 * Puts every result directly behind its call, gives every call exactly one and every result a call. `inOrder` also puts
 * the results of one message in the order of its calls. Linear; what is in its place stays the same object.
 */
export function pairResults(
  messages: readonly PlacedMessage[],
  inOrder: boolean,
  losses: LossList,
): readonly PlacedMessage[] {
  const pairing: Pairing = { match: matchResults(messages), inOrder, losses, made: [] };
  let run: Run = { results: [], placed: new Set(), orphans: [] };
  for (const [at, { message, index }] of messages.entries()) {
    if (message.role === 'tool') {
      addResults(run, { message, index }, { at, pairing });
      continue;
    }
    endRun(run, pairing);
    run = {
      results: [],
      placed: new Set(),
      orphans: [],
      ...(message.role === 'assistant' && { caller: { at, index } }),
    };
    const made =
      message.role === 'assistant' ? renamed(message, index, pairing.match.calls.get(at) ?? [], losses) : message;
    pairing.made.push({ message: made, index });
  }
  endRun(run, pairing);
  return pairing.made;
}

interface Pairing {
  readonly match: Match;
  readonly inOrder: boolean;
  readonly losses: LossList;
  readonly made: PlacedMessage[];
}

/** Tool messages that follow each other. */
interface Run {
  /** The answer right before them: its place in the list at hand and in the conversation. */
  readonly caller?: { readonly at: number; readonly index: number };
  readonly results: PlacedMessage<ToolMessage>[];
  /** Calls whose results stand here. */
  readonly placed: Set<Call>;
  /** What results without a call become, to stand behind the run. */
  readonly orphans: PlacedMessage[];
}

function renamed(message: AssistantMessage, index: number, calls: readonly Call[], losses: LossList): AssistantMessage {
  if (calls.every(({ part, id }) => part.id === id)) return message;
  let next = 0;
  const content = message.content.map((part, at) => {
    if (part.type !== 'tool-call') return part;
    const id = calls[next]?.id ?? part.id;
    next += 1;
    if (id === part.id) return part;
    lose(losses, {
      path: `messages[${index}].content[${at}].id`,
      what: 'id of an earlier call',
      instead: 'approximated',
    });
    return { ...part, id };
  });
  return { ...message, content };
}

interface Where {
  /** Place of the message in the list at hand. */
  readonly at: number;
  readonly pairing: Pairing;
}

function addResults(run: Run, { message, index }: PlacedMessage<ToolMessage>, { at, pairing }: Where): void {
  const fates = pairing.match.fates.get(at) ?? [];
  const path = `messages[${index}]`;
  const kept = message.content.flatMap((part, place) => {
    // Every result has a fate.
    const made = standing(part, fates[place] as Fate, { run, index, path: `${path}.content[${place}]`, pairing });
    return made === undefined ? [] : [made];
  });
  const isSame = kept.length === message.content.length && kept.every((part, place) => part === message.content[place]);
  if (isSame || kept.length > 0) run.results.push({ message: isSame ? message : { ...message, content: kept }, index });
  else if (message.extras !== undefined)
    lose(pairing.losses, { path, what: 'members of a message without results', instead: 'dropped' });
}

interface Here {
  readonly run: Run;
  /** Place of the message in the conversation. */
  readonly index: number;
  readonly path: string;
  readonly pairing: Pairing;
}

/** The result that stands here from now on, if one does. */
function standing(part: ToolResultPart, fate: Fate, { run, index, path, pairing }: Here): ToolResultPart | undefined {
  const told = (what: string, instead: Loss['instead']): undefined => {
    lose(pairing.losses, { path, what, instead });
    return undefined;
  };
  if (fate.kind === 'foreign') return part;
  if (fate.kind === 'again') return told('result given twice', 'dropped');
  if (fate.kind === 'more') return told('second result of one call', 'moved');
  if (fate.kind === 'orphan') {
    run.orphans.push({ message: spokenBy(part), index });
    return told('result without a call', 'moved');
  }
  if (fate.call.home !== run.caller?.at) return told('result apart from its call', 'moved');
  run.placed.add(fate.call);
  return resultOf(fate.call);
}

/** A result whose call is gone, as what the user says. */
function spokenBy({ toolCallId, content, isError, cacheControl }: ToolResultPart): Message {
  const text = `${isError ? 'Error' : 'Result'} of an earlier tool call (${toolCallId}):`;
  const last = content.at(-1);
  const parts =
    cacheControl === undefined || last === undefined ? content : [...content.slice(0, -1), { ...last, cacheControl }];
  return { role: 'user', content: [{ type: 'text', text }, ...parts] };
}

/** Closes a run: what is missing comes in, and what has no call stands behind it. */
function endRun({ caller, results, placed, orphans }: Run, { match, inOrder, losses, made }: Pairing): void {
  const calls = caller === undefined ? [] : (match.calls.get(caller.at) ?? []);
  const missing = calls.filter((call) => !placed.has(call));
  for (const { results: given, part } of missing)
    if (given.length === 0 && caller !== undefined)
      lose(losses, {
        path: `messages[${caller.index}]`,
        what: `call \`${part.id}\` without a result`,
        instead: 'approximated',
      });
  const added = missing.map((call) => resultOf(call) ?? unknownResult(call));
  const last = results.at(-1);
  if (added.length > 0 && last === undefined)
    results.push({ message: { role: 'tool', content: added }, index: caller?.index ?? 0 });
  else if (added.length > 0 && last !== undefined)
    results[results.length - 1] = {
      message: { ...last.message, content: [...last.message.content, ...added] },
      index: last.index,
    };
  for (const each of inOrder ? ordered(results, calls, losses) : results) made.push(each);
  for (const each of orphans) made.push(each);
}

const unknownResult = ({ id }: Call): ToolResultPart => ({
  type: 'tool-result',
  toolCallId: id,
  content: [{ type: 'text', text: UNKNOWN_RESULT }],
  isError: true,
});

/** Results in the order of their calls, in one message; those of calls that only a vendor has keep behind them. */
function ordered(
  results: readonly PlacedMessage<ToolMessage>[],
  calls: readonly Call[],
  losses: LossList,
): readonly PlacedMessage<ToolMessage>[] {
  const [first] = results;
  const rank = new Map(calls.map(({ id }, at) => [id, at]));
  const all = results.flatMap(({ message }) => message.content);
  const rankOf = ({ toolCallId }: ToolResultPart): number => rank.get(toolCallId) ?? calls.length;
  const content = all.toSorted((one, other) => rankOf(one) - rankOf(other));
  if (first === undefined || content.every((part, at) => part === all[at])) return results;
  lose(losses, { path: `messages[${first.index}]`, what: 'results out of the order of their calls', instead: 'moved' });
  return [{ message: { ...first.message, content }, index: first.index }];
}
