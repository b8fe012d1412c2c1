/** One request on its way through a backend. */
export interface BackendCall {
  readonly request: Request;
  readonly url: URL;
  /** Kept from `X-Request-ID`, or a new one of 32 hexadecimal digits. */
  readonly requestId: string;
  /** What stood in the places of `{name}` in the route's path. */
  readonly params: Readonly<Record<string, string>>;
}

/** Answers a call: data, which is put into an envelope, or a response as it is. May throw `BackendError`. */
export type Handle = (call: BackendCall) => unknown;

/** A handler at an address. `path` is segments, some of them `{name}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handle: Handle;
}

/** What stands at an address: a route, or the methods that would be known there, or nothing. */
export type Found =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly allowed: readonly string[] }
  | undefined;

/** Finds routes; a literal segment comes before a `{name}`, whatever the order of the routes. `HEAD` is `GET`. */
export function findRoute(routes: readonly Route[], method: string, pathname: string): Found {
  const asked = pathname.replace(/\/+$/, '').split('/').map(decoded);
  const here = routes.flatMap((route) => {
    const params = paramsOf(route.path.split('/'), asked);
    return params === undefined ? [] : [{ route, params }];
  });
  const wanted = method === 'HEAD' ? 'GET' : method;
  const [best] = here
    .filter(({ route }) => route.method === wanted)
    .toSorted((one, other) => Object.keys(one.params).length - Object.keys(other.params).length);
  if (best !== undefined) return best;
  return here.length === 0 ? undefined : { allowed: [...new Set(here.map(({ route }) => route.method))].sort() };
}

function paramsOf(path: readonly string[], asked: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (path.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of path.entries()) {
    const given = asked[at] ?? '';
    if (segment.startsWith('{') && given !== '') params[segment.slice(1, -1)] = given;
    else if (segment !== given) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
