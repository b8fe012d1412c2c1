import type { Slide } from '@patchbay/contract/resources/generation';
import { Download, ImagePlus } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { SlideItem } from './slide-item.tsx';
import type { Pictures } from './use-pictures.ts';

export interface SlidesCardProps {
  /** Undefined while they are made. */
  readonly slides: readonly Slide[] | undefined;
  /** How many are on their way. */
  readonly expected: number;
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

const GRID = 'grid gap-4 xl:grid-cols-2';

/** The slides as they will look, each with its picture. */
export function SlidesCard(props: SlidesCardProps) {
  const { slides, expected, pictures, isDrawing, mayDraw, failure, onDraw, onSave, saving } = props;
  const undrawn = (slides ?? []).flatMap((_, at) => {
    const status = pictures.get(at)?.status;
    return status === undefined || status === 'error' ? [at] : [];
  });
  const isPartial = undrawn.length < (slides?.length ?? 0) && undrawn.length > 0;
  return (
    <Card
      title="Slides"
      hint="step 3"
      actions={
        slides !== undefined && (
          <div className="flex flex-wrap gap-2">
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
        )
      }
    >
      <div className="grid gap-4">
        {failure}
        <ol className={GRID} aria-label="Slides" aria-busy={slides === undefined}>
          {slides?.map((slide, at) => (
            <SlideItem
              key={`${at} ${slide.title}`}
              number={at + 1}
              slide={slide}
              picture={pictures.get(at)}
              isHeld={isDrawing}
              onDraw={() => onDraw([at])}
            />
          )) ?? Array.from({ length: expected }, (_, at) => <Waiting key={at} />)}
        </ol>
      </div>
    </Card>
  );
}

const Waiting = () => (
  <li className="grid h-64 content-start gap-3 rounded-lg border border-line bg-ground p-4">
    <Skeleton className="h-5 w-3/5" />
    <Skeleton className="h-4 w-4/5" />
    <Skeleton className="h-4 w-2/3" />
  </li>
);
