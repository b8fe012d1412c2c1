/** Where in the console something stands. */
export interface Place {
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
  /** What the page is called. */
  readonly label: string;
}

const PLACES: Readonly<Record<string, { readonly to: string; readonly name: string; readonly label: string }>> = {
  provider: { to: '/providers', name: 'provider', label: 'Providers' },
  model: { to: '/models', name: 'model', label: 'Models' },
  account: { to: '/accounts', name: 'account', label: 'Accounts' },
  proxy: { to: '/proxies', name: 'proxy', label: 'Egress proxies' },
  'api-key': { to: '/keys', name: 'key', label: 'Keys' },
  user: { to: '/users', name: 'user', label: 'Users' },
  setting: { to: '/settings', name: 'setting', label: 'Settings' },
};

/** The page that shows one thing, opened there; `undefined` for kinds without a page. Without an id: the list of its kind. */
export function placeOf(kind: string, id: string | undefined): Place | undefined {
  const found = Object.hasOwn(PLACES, kind) ? PLACES[kind] : undefined;
  return found && { to: found.to, label: found.label, search: id === undefined ? {} : { [found.name]: id } };
}

/** A finding as far as its place goes. */
export interface FoundThing {
  readonly code: string;
  readonly subject: string;
}

/**
 * Where a finding is mended, by its code and what it is found of: `account 4f1c model gpt-5`, `setting HOST`. Providers and
 * models go by names there, under which their lists find them.
 */
export function placeOfFinding({ code, subject }: FoundThing): Place | undefined {
  const [kind = '', id, ...more] = subject.split(' ');
  if (kind === 'provider' && id !== undefined && code.startsWith('accounts-'))
    return { to: '/accounts', label: 'Accounts', search: { provider: id } };
  if (kind === 'key') return placeOf('api-key', id);
  if (kind === 'sign-in') return placeOf('account', undefined);
  const place = placeOf(kind, id);
  if (place === undefined || id === undefined || (kind !== 'provider' && kind !== 'model')) return place;
  const name = kind === 'provider' ? [id, ...more].join(' ') : [id, ...more].join(' ').replace(/^[^/]*\//, '');
  return { ...place, search: { search: name.replace(/: .*$/, '') } };
}
