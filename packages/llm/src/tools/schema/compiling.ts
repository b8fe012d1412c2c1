import type { Json, JsonObject } from '../../model/json.ts';
import { lose, type Loss, type LossList } from '../losses.ts';
import type { Flat, Flattening } from './flatten-schema.ts';
import type { ResolveReference } from './resolve-reference.ts';
import { typesIn } from './read-schema.ts';
import type { Subset } from './targets.ts';

/** Where a schema stands. */
export interface Place {
  readonly path: string;
  /** How many schemas are around it in the result. */
  readonly depth: number;
}

/** The state of one compilation. */
export interface Compiling {
  /** Absent for a target that knows all of JSON Schema. */
  readonly subset: Subset | undefined;
  readonly resolve: ResolveReference;
  readonly losses: LossList;
  /** How often each schema that references lead to is open around this place. */
  readonly open: Map<object, number>;
  readonly openMax: number;
  /** Characters that may still be read; at 0 all that comes is left without a shape. */
  left: number;
  /** The schema of one place; one that nothing fits is told and replaced. */
  compile(schema: Json, place: Place): JsonObject;
  /** The schema of one alternative among others; `undefined` when no value fits it. */
  compileBranch(schema: Json, place: Place): JsonObject | undefined;
}

/** What a place inside `place` is called. */
export const inside = ({ path, depth }: Place, ...steps: readonly (string | number)[]): Place => ({
  path: steps.reduce<string>((before, step) => before + stepOf(step), path),
  depth: depth + 1,
});

/** Longer names of members are cut in paths, so that paths stay short. */
const NAME_MAX = 64;

function stepOf(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\w$-]{1,64}$/.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, NAME_MAX))}]`;
}

/** Reports a loss at `place`. */
export function loseAt({ losses }: Compiling, { path }: Place, what: string, instead: Loss['instead']): void {
  lose(losses, { path, what, instead });
}

/** Flattening on behalf of one place. */
export const flatteningAt = (compiling: Compiling, { path }: Place): Flattening => ({
  resolve: compiling.resolve,
  spend: (size) => {
    compiling.left -= size;
    return compiling.left > 0;
  },
  isFull: (schema) => (compiling.open.get(schema) ?? 0) >= compiling.openMax,
  anyIsOne: compiling.subset !== undefined,
  lose: (keyword, what, instead) => lose(compiling.losses, { path: `${path}.${keyword}`, what, instead }),
});

/** Stands for a schema whose shape cannot be told: of its type when that is a plain one, else any object. */
export function shapeless(keywords: Flat['keywords'] | undefined, compiling: Compiling): JsonObject {
  const [type, ...others] = typesIn(keywords?.get('type')) ?? [];
  if (type !== undefined && others.length === 0 && SCALARS.has(type)) return { type };
  if (compiling.subset?.closedObjects !== true) return { type: 'object' };
  return { type: 'object', properties: {}, required: [], additionalProperties: false };
}

const SCALARS = new Set<string>(['string', 'integer', 'number', 'boolean']);
