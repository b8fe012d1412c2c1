/** What the banner tells. */
export interface BannerParts {
  readonly version: string;
  /** Where the gateway listens, with scheme. */
  readonly url: string;
  /** A key to show: one that was made now, or where it is kept. */
  readonly key: { readonly text: string } | { readonly file: string } | { readonly variable: string };
  readonly providers: readonly string[];
  /** The first administrator, where it was made now. */
  readonly administrator?: { readonly username: string; readonly password: BannerParts['key'] };
}

/** What a person sees first: the address, the console, the key, and one command that works at once. */
export function banner(parts: BannerParts): string {
  const lines = [
    `Patchbay ${parts.version} serves at ${parts.url}`,
    `Console: ${parts.url}/`,
    `Providers: ${parts.providers.join(', ')}`,
    ...('text' in parts.key ? [`API key (shown once): ${parts.key.text}`] : []),
    ...(parts.administrator === undefined ? [] : [administratorLine(parts.administrator)]),
    '',
    'Try it:',
    `  curl ${parts.url}/v1/chat/completions \\`,
    `    -H "Authorization: Bearer ${inShell(parts.key)}" -H 'Content-Type: application/json' \\`,
    `    -d '{"model":"simulator/echo","messages":[{"role":"user","content":"Hello, Patchbay"}]}'`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function administratorLine({ username, password }: NonNullable<BannerParts['administrator']>): string {
  if ('text' in password) return `Administrator: ${username}, password (shown once): ${password.text}`;
  return `Administrator: ${username}, password in ${'file' in password ? password.file : password.variable}`;
}

/** The key as a shell finds it between double quotes. A path may hold spaces and quotes. */
function inShell(key: BannerParts['key']): string {
  if ('text' in key) return key.text;
  return 'file' in key ? `$(cat '${key.file.replaceAll("'", String.raw`'\''`)}')` : `$${key.variable}`;
}
