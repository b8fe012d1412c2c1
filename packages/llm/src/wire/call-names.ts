import type { Part } from '../model/part.ts';

/** Names a call: as its server did, unless it gave no name or another call's; then `otherwise`. */
export type CallNames = (given: string, otherwise: string) => string;

/** Names for the calls of one answer. Each has one of its own, because results find their calls by it. */
export function callNames(): CallNames {
  const names = new Set<string>();
  return (given, otherwise) => {
    const name = given === '' || names.has(given) ? otherwise : given;
    names.add(name);
    return name;
  };
}

/** A call under a name of its own; any other part as it is. */
export const namedCall = (nameOf: CallNames, part: Part, otherwise: string): Part =>
  part.type === 'tool-call' ? { ...part, id: nameOf(part.id, otherwise) } : part;
