import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';

import { placeOfFinding, type FoundThing } from '../../lib/places.ts';

/** The page where a finding can be mended; nothing for what has none. */
export function PlaceLink({ of: finding }: { readonly of: FoundThing }) {
  const place = placeOfFinding(finding);
  if (place === undefined) return null;
  return (
    <Link
      to={place.to}
      search={place.search as never}
      className="inline-flex items-center gap-1 text-xs font-medium text-accent underline-offset-2 hover:underline"
    >
      {place.label}
      <ArrowRight className="size-3.5" aria-hidden />
    </Link>
  );
}
