import { Link } from '@tanstack/react-router';

/** Where a finding is mended, by the first word of what it is found of. */
const PLACES = {
  provider: { to: '/providers', label: 'Providers' },
  model: { to: '/models', label: 'Models' },
  account: { to: '/accounts', label: 'Accounts' },
  proxy: { to: '/proxies', label: 'Egress proxies' },
  key: { to: '/keys', label: 'Keys' },
  setting: { to: '/settings', label: 'Settings' },
} as const;

/** The page where a finding can be mended; nothing for what has none. */
export function PlaceLink({ subject }: { readonly subject: string }) {
  const place = Object.entries(PLACES).find(([word]) => subject.startsWith(`${word} `))?.[1];
  if (place === undefined) return null;
  return (
    <Link to={place.to} className="text-xs text-accent underline-offset-2 hover:underline">
      {place.label}
    </Link>
  );
}
