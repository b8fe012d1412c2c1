import type { Slide } from '@patchbay/contract/resources/generation';
import { Download, ImagePlus, Projector } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { ShowDialog } from './show-dialog.tsx';
import { SlideItem } from './slide-item.tsx';
import type { Pictures } from './use-pictures.ts';

export interface SlidesCardProps {
  /** Those that are still to come are `undefined`. */
  readonly slides: readonly (Slide | undefined)[];
  /** True while they are made; what is done with all of them has to wait. */
  readonly isMaking: boolean;
  readonly pictures: Pictures;
  readonly isDrawing: boolean;
  readonly mayDraw: boolean;
  readonly failure: ReactNode;
  readonly onDraw: (places: readonly number[]) => void;
  readonly onSave: (format: 'pptx' | 'html') => void;
  /** The format that is being written. */
  readonly saving: 'pptx' | 'html' | undefined;
}

const FORMATS = [
  { format: 'pptx', label: 'PowerPoint' },
  { format: 'html', label: 'Web page' },
] as const;

/** The slides as they will look, each with its picture. */
export function SlidesCard(props: SlidesCardProps) {
  const { slides, isMaking, pictures, isDrawing, failure, onDraw } = props;
  const [isShown, setShown] = useState(false);
  const written = slides.filter((each) => each !== undefined);
  return (
    <Card
      title="Slides"
      hint="step 3"
      actions={!isMaking && written.length > 0 && <Actions {...props} onShow={() => setShown(true)} />}
    >
      <div className="grid gap-4">
        {failure}
        <ol className="grid gap-4 xl:grid-cols-2" aria-label="Slides" aria-busy={isMaking}>
          {slides.map((slide, at) =>
            slide === undefined ? (
              // Places are all that they are.
              // oxlint-disable-next-line react/no-array-index-key
              <Waiting key={at} />
            ) : (
              <SlideItem
                key={`${at} ${slide.title}`}
                number={at + 1}
                slide={slide}
                picture={pictures.get(at)}
                isHeld={isDrawing || isMaking}
                onDraw={() => onDraw([at])}
              />
            ),
          )}
        </ol>
        {isShown && <ShowDialog slides={written} pictures={pictures} onClose={() => setShown(false)} />}
      </div>
    </Card>
  );
}

interface ActionsProps extends SlidesCardProps {
  readonly onShow: () => void;
}

/** What is done with all of them. */
function Actions({ slides, pictures, isDrawing, mayDraw, saving, onShow, onSave, onDraw }: ActionsProps) {
  const undrawn = slides.flatMap((_, at) => {
    const status = pictures.get(at)?.status;
    return status === undefined || status === 'error' ? [at] : [];
  });
  const isPartial = undrawn.length < slides.length && undrawn.length > 0;
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={<Projector aria-hidden />} onClick={onShow}>
        Show
      </Button>
      {FORMATS.map(({ format, label }) => (
        <Button
          key={format}
          icon={<Download aria-hidden />}
          isBusy={saving === format}
          disabled={isDrawing || saving !== undefined}
          onClick={() => onSave(format)}
        >
          {label}
        </Button>
      ))}
      {mayDraw && (
        <Button
          icon={<ImagePlus aria-hidden />}
          isBusy={isDrawing}
          disabled={undrawn.length === 0}
          onClick={() => onDraw(undrawn)}
        >
          {isDrawing ? 'Drawing…' : isPartial ? 'Draw the missing ones' : 'Draw the pictures'}
        </Button>
      )}
    </div>
  );
}

const Waiting = () => (
  <li className="grid h-64 content-start gap-3 rounded-lg border border-line bg-ground p-4">
    <Skeleton className="h-5 w-3/5" />
    <Skeleton className="h-4 w-4/5" />
    <Skeleton className="h-4 w-2/3" />
  </li>
);
