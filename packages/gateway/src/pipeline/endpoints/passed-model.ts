import type { IncomingMessage } from 'node:http';

import { JSON_BOUNDS, scanJson } from '@patchbay/llm/transport/scan-json';
import { parseJson } from '@patchbay/llm/wire/read';

import { readStart, type BodyStart } from '../../relay/pass-intake.ts';
import type { ProviderRuntime } from '../ports.ts';
import { FormModelFinder } from './form-model.ts';
import { boundaryOf } from './form-scan.ts';
import { checkModelName } from './model-name.ts';

/** The model that a request names, as far as it could be read, and what was read of the body for that. */
export interface PassedModel {
  readonly model: string | undefined;
  readonly head: readonly Buffer[];
}

/** Most of a body that is held to find its model, in bytes: a longer one passes as it comes. */
const HELD_BYTES = 1024 * 1024;
const BOUNDS = { ...JSON_BOUNDS, nodesMax: Number.MAX_SAFE_INTEGER };
const UNREAD: PassedModel = { model: undefined, head: [] };

/** Where providers name models in addresses: Gemini and Vertex AI, Bedrock, Azure OpenAI. */
const IN_PATHS = [
  /\/models\/([^/:]+):\w+$/,
  /\/model\/([^/]+)\/(?:invoke|converse|count-tokens)[\w-]*$/,
  /\/deployments\/([^/]+)\//,
] as const;

/** True where an account of the provider has limits for single models, so that somebody has to look for the name. */
export const hasModelLimits = ({ pool }: Pick<ProviderRuntime, 'pool'>): boolean =>
  pool.seats.some(({ facts }) => facts.limits?.models !== undefined);

/**
 * Looks which model a request is for without changing a byte: in its address, in a JSON body of at most 1 MiB, or in the
 * first 1 MiB of a form. A body that is compressed, longer or of another kind is left unread.
 */
export async function passedModel(source: IncomingMessage, path: string): Promise<PassedModel> {
  const addressed = modelInPath(path);
  if (addressed !== undefined) return { ...UNREAD, model: addressed };
  const { 'content-type': type = '', 'content-encoding': coding, 'content-length': length } = source.headers;
  if (coding !== undefined && coding !== 'identity') return UNREAD;
  const boundary = boundaryOf(type)?.boundary;
  if (boundary !== undefined) return modelOfForm(source, boundary);
  const isLong = Number(length ?? 0) > HELD_BYTES;
  return isLong || !/^application\/(?:[\w.-]+\+)?json\b/i.test(type) ? UNREAD : modelOfJson(source);
}

function modelInPath(path: string): string | undefined {
  const [, written] = IN_PATHS.map((each) => each.exec(path)).find((found) => found !== null) ?? [];
  if (written === undefined) return undefined;
  try {
    return named(decodeURIComponent(written));
  } catch {
    return undefined;
  }
}

async function modelOfJson(source: IncomingMessage): Promise<PassedModel> {
  const start = await readStart(source, HELD_BYTES, () => false);
  const head = start.pieces;
  if (!start.isWhole) return { ...UNREAD, head };
  const bytes = Buffer.concat(head);
  const scan = scanJson(bytes, BOUNDS);
  const span = scan.ok ? scan.members.get('model') : undefined;
  return { model: span && named(parseJson(bytes.toString('utf8', span.start, span.end))), head };
}

async function modelOfForm(source: IncomingMessage, boundary: string): Promise<PassedModel> {
  const finder = new FormModelFinder(boundary);
  const start: BodyStart = await readStart(source, HELD_BYTES, (piece) => {
    if (piece !== undefined) finder.push(piece);
    return finder.failure !== undefined || finder.value !== undefined;
  });
  return { model: named(finder.value?.toString()), head: start.pieces };
}

/** A name that may be looked up; anything else is the provider's to judge. */
function named(value: unknown): string | undefined {
  const checked = checkModelName(value);
  return checked.ok ? checked.value : undefined;
}
