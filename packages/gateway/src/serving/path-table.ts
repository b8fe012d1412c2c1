/** One path of the interface, with parameters in braces, and the methods that it takes. */
export interface PathEntry {
  readonly path: string;
  readonly methods: readonly string[];
}

/** Which methods a path takes that no route was found for. */
export interface PathTable {
  /** The entry of a path; one without parameters wins over one with them. */
  find(path: string): PathEntry | undefined;
  /** Methods of longer reach that a path without parameters would fall to: `DELETE /things/export` is no `/things/{id}`. */
  shadowed(entry: PathEntry): readonly string[];
}

/** Looks paths up where the router has none for a method: registering all methods of all paths would slow the start. */
export function createPathTable(entries: readonly PathEntry[]): PathTable {
  const matchers = entries
    .map((entry) => ({ entry, pattern: patternOf(entry.path) }))
    .sort((one, other) => parametersIn(one.entry) - parametersIn(other.entry));
  return {
    find: (path) => matchers.find(({ pattern }) => pattern.test(path))?.entry,
    shadowed: ({ path, methods }) => {
      const others = matchers.filter(({ entry, pattern }) => entry.path !== path && pattern.test(path));
      const reaching = new Set(others.flatMap(({ entry }) => entry.methods));
      return [...reaching].filter((method) => !methods.includes(method));
    },
  };
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);

const parametersIn = ({ path }: PathEntry): number => path.split('{').length;
