import type { Speaks } from './define-provider.ts';

/** What is asked of a model: a whole answer, a stream of it, or how many tokens the request has. */
export type Asked = 'answer' | 'stream' | 'count';

/** The path, and query, at which a provider is asked; `model` stands in it where the provider wants it there. */
export function pathOf(
  {
    path,
    streamPath = path,
    countPath = path,
    encodesSlash,
  }: Pick<Speaks, 'path' | 'streamPath' | 'countPath' | 'encodesSlash'>,
  model: string,
  asked: Asked,
): string {
  const wanted = { answer: path, stream: streamPath, count: countPath }[asked];
  return wanted.replace('{model}', () => (encodesSlash === true ? encodeURIComponent(model) : inPath(model)));
}

/** Slashes and colons are part of many names, and servers that take such names expect them as they are. */
const inPath = (model: string): string => encodeURIComponent(model).replace(/%2F/g, '/').replace(/%3A/g, ':');
