import type { Slide } from '@patchbay/contract/resources/generation';
import { RotateCw } from 'lucide-react';

import { Badge, Status, type Tone } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { PictureView } from './picture-view.tsx';
import { SlideText } from './slide-text.tsx';
import type { Picture } from './use-pictures.ts';

export interface SlideItemProps {
  readonly number: number;
  readonly slide: Slide;
  readonly picture: Picture | undefined;
  readonly isHeld: boolean;
  readonly onDraw: () => void;
}

const LOOKS: Readonly<Record<Picture['status'], { readonly tone: Tone; readonly label: string }>> = {
  drawing: { tone: 'accent', label: 'Drawing…' },
  generated: { tone: 'good', label: 'Drawn' },
  skipped: { tone: 'neutral', label: 'Needs no picture' },
  error: { tone: 'bad', label: 'Not drawn' },
};

const TEMPLATES: Readonly<Record<Slide['template'], string>> = {
  sectionHeader: 'Section',
  titleAndBody: 'Text',
  titleAndBullets: 'List',
  twoColumn: 'Two columns',
};

/** One slide as it will look, and how its picture fares. */
export const SlideItem = ({ number, slide, picture, isHeld, onDraw }: SlideItemProps) => (
  <li className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-rest">
    <div className="flex min-h-52 flex-1 flex-col bg-ground sm:flex-row">
      <SlideText slide={slide} />
      <PictureView picture={picture} />
    </div>
    {slide.notes !== undefined && (
      <details className="border-t border-line px-3 py-2 text-xs">
        <summary className="cursor-pointer text-ink-3 hover:text-ink">Notes of the speaker</summary>
        <p className="mt-1.5 break-words text-ink-2">{slide.notes}</p>
      </details>
    )}
    <footer className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-1.5 text-xs">
      <span className="numeric text-ink-3">{number}</span>
      <Badge>{TEMPLATES[slide.template]}</Badge>
      {picture !== undefined && (
        <Status tone={LOOKS[picture.status].tone} className="ml-auto">
          {LOOKS[picture.status].label}
        </Status>
      )}
      {(picture?.status === 'error' || picture?.status === 'generated') && (
        <Button
          size="sm"
          variant="quiet"
          aria-label={`Draw the picture of slide ${number} again`}
          icon={<RotateCw aria-hidden />}
          disabled={isHeld}
          onClick={onDraw}
        >
          Again
        </Button>
      )}
      {picture?.why !== undefined && (
        <p role="alert" className="line-clamp-4 w-full break-words text-bad" title={picture.why.slice(0, 2000)}>
          {picture.why}
        </p>
      )}
    </footer>
  </li>
);
