import { Link } from '@tanstack/react-router';

import { placeOfFinding, type FoundThing } from '../../lib/places.ts';

/** The page where a finding can be mended; nothing for what has none. */
export function PlaceLink({ of: finding }: { readonly of: FoundThing }) {
  const place = placeOfFinding(finding);
  if (place === undefined) return null;
  return (
    <Link
      to={place.to}
      search={place.search as never}
      className="text-xs text-accent underline-offset-2 hover:underline"
    >
      {place.label}
    </Link>
  );
}
