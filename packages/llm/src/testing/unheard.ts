import type { Json, JsonObject } from '../model/json.ts';
import type { ClientCodec, UpstreamCodec } from '../wire/codec.ts';

/** A caller's format, the format of the provider that answers, and the provider's departures from it. */
export interface Crossing {
  readonly from: ClientCodec;
  readonly to: UpstreamCodec<object>;
  readonly dialect: object;
}

type Path = readonly (string | number)[];

/** What is sent on, and what is reported lost; both as text, places in lists without their numbers. */
interface Outcome {
  readonly body: string;
  readonly losses: string;
  readonly lossCount: number;
}

/**
 * Places of a request that change neither what is sent on nor what is reported lost, with the plain values they hold,
 * e.g. `messages[0].name: "ann"`: each member and item is left out once, and each plain value is also written otherwise.
 * A place whose absence and change
 * are both refused was read, and a member that is reported lost as a whole speaks for all inside it. Throws where the
 * request itself is refused.
 */
export function unheard(wire: JsonObject, crossing: Crossing): readonly string[] {
  const whole = outcomeOf(wire, crossing);
  if (whole === undefined) throw new Error(`This request is refused: ${JSON.stringify(wire)}`);
  return unheardIn(wire, [], (path, value) => {
    const other = outcomeOf(replaced(wire, path, value) as JsonObject, crossing);
    if (other === undefined) return 'refused';
    if (other.body !== whole.body) return 'heard';
    if (other.lossCount < whole.lossCount) return 'lost';
    return other.losses === whole.losses ? 'unheard' : 'heard';
  });
}

/** What came of writing another value in a place, or none; `lost` when only a report went away. */
type Try = (path: Path, value: Json | undefined) => 'refused' | 'heard' | 'lost' | 'unheard';

function unheardIn(value: Json | undefined, path: Path, attempt: Try): readonly string[] {
  const absent = path.length === 0 ? 'heard' : attempt(path, undefined);
  if (absent === 'lost') return [];
  if (isLeaf(value)) {
    const tries = [absent, attempt(path, otherwise(value))];
    return tries.includes('heard') || tries.includes('lost') || !tries.includes('unheard')
      ? []
      : [`${shown(path)}: ${JSON.stringify(value)}`];
  }
  const own = absent === 'unheard' ? [shown(path)] : [];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value as JsonObject);
  return [
    ...own,
    ...inner.flatMap(([step, each]: [string | number, Json | undefined]) => unheardIn(each, [...path, step], attempt)),
  ];
}

function outcomeOf(wire: JsonObject, { from, to, dialect }: Crossing): Outcome | undefined {
  const request = from.decodeRequest(wire);
  const encoded = request.ok ? to.encodeRequest(request.value, dialect) : request;
  if (!encoded.ok) return undefined;
  const { body, losses } = encoded.value;
  const reported = losses.map(({ path, instead }) => `${path.replaceAll(/\d+/g, '')};${instead}`).sort();
  return { body: JSON.stringify(body), losses: reported.join('\n'), lossCount: losses.length };
}

const isLeaf = (value: Json | undefined): boolean => typeof value !== 'object' || value === null;

const at = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>((inner, step) => (inner as Record<string | number, Json> | undefined)?.[step], value);

/** A copy with another value at a place, or without it. */
function replaced(value: Json | undefined, [step, ...rest]: Path, other: Json | undefined): Json | undefined {
  if (step === undefined) return other;
  const inner = replaced(at(value, [step]), rest, other);
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((each, index) => (index !== step ? each : (inner ?? [])));
  return { ...(value as JsonObject), [step]: inner } as JsonObject;
}

function otherwise(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return `${value}x`;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : 'x';
}

const shown = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
