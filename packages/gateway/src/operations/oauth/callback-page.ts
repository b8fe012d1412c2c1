import { createHash } from 'node:crypto';

/** What a sign-in's page tells the page that opened it. */
export type CallbackMessage =
  | { readonly type: 'oauth_success'; readonly account_id: string; readonly provider: string }
  | { readonly type: 'oauth_error'; readonly error: string };

/** Reads what to say out of the page, so that the script itself is always the same and the policy can name it. */
const SCRIPT = `const { message, origins } = JSON.parse(document.body.dataset.outcome);
if (window.opener) for (const origin of [location.origin, ...origins]) window.opener.postMessage(message, origin);
setTimeout(() => window.close(), message.type === 'oauth_success' ? 2000 : 3000);`;

/** What the browser may do on the page: run that one script. */
export const callbackPolicy = (): string =>
  `default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;

/**
 * The page that a browser comes back to: it tells its opener how the sign-in ended, where that is a page of this gateway
 * or of one of `origins`, and closes after two seconds, or three where something went wrong.
 */
export function callbackPage(message: CallbackMessage, origins: readonly string[]): string {
  const isGood = message.type === 'oauth_success';
  const words = isGood ? 'The account is signed in. This window closes.' : `The sign-in failed: ${message.error}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>${isGood ? 'Signed in' : 'Not signed in'}</title>
</head>
<body data-outcome="${escaped(JSON.stringify({ message, origins }))}">
<p>${escaped(words)}</p>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
