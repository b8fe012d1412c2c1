import { ImageOff } from 'lucide-react';

import { Skeleton } from '../../components/ui/states.tsx';
import type { Picture } from './use-pictures.ts';

const BOX = 'grid shrink-0 place-items-center bg-sunken max-sm:h-44 max-sm:w-full sm:w-2/5';

/** The picture of a slide, or what there is in its place. */
export function PictureView({ picture }: { readonly picture: Picture | undefined }) {
  if (picture === undefined || picture.status === 'skipped') return null;
  if (picture.status === 'drawing')
    return (
      <div className={BOX}>
        <Skeleton className="size-full rounded-none" />
      </div>
    );
  if (picture.url === undefined)
    return (
      <div className={BOX}>
        <ImageOff className="size-6 text-ink-3" aria-hidden />
      </div>
    );
  // The policy of the console shows pictures of its own origin alone; a store elsewhere has them for a click.
  if (new URL(picture.url, location.href).origin !== location.origin)
    return (
      <div className={BOX}>
        <a href={picture.url} target="_blank" rel="noreferrer" className="text-xs text-accent underline">
          Open the picture
        </a>
      </div>
    );
  return (
    <div className={`${BOX} relative`}>
      <img src={picture.url} alt={picture.prompt ?? ''} className="absolute inset-0 size-full object-cover" />
    </div>
  );
}
