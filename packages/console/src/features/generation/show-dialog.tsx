import type { Slide } from '@patchbay/contract/resources/generation';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { PictureView } from './picture-view.tsx';
import { SlideText } from './slide-text.tsx';
import type { Pictures } from './use-pictures.ts';

export interface ShowDialogProps {
  readonly slides: readonly Slide[];
  readonly pictures: Pictures;
  readonly onClose: () => void;
}

const STEPS: Readonly<Record<string, -1 | 1>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 };

/** The deck slide by slide, as whoever listens would see it; arrows turn over. */
export function ShowDialog({ slides, pictures, onClose }: ShowDialogProps) {
  const [at, setAt] = useState(0);
  const slide = slides[at];
  const turn = (by: -1 | 1): void => setAt((before) => Math.min(Math.max(before + by, 0), slides.length - 1));
  if (slide === undefined) return null;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={`Slide ${at + 1} of ${slides.length}`}
      footer={
        <>
          <Button icon={<ChevronLeft aria-hidden />} disabled={at === 0} onClick={() => turn(-1)}>
            Back
          </Button>
          <Button
            variant="primary"
            icon={<ChevronRight aria-hidden />}
            disabled={at === slides.length - 1}
            onClick={() => turn(1)}
          >
            Next
          </Button>
        </>
      }
    >
      <div
        // The arrows turn over from here, wherever one has clicked.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label="The slide"
        aria-live="polite"
        className="grid gap-3"
        onKeyDown={({ key }) => {
          const by = STEPS[key];
          if (by !== undefined) turn(by);
        }}
      >
        <div className="flex min-h-[24rem] flex-col overflow-hidden rounded-lg border border-line bg-ground sm:flex-row">
          <SlideText slide={slide} isLarge />
          <PictureView picture={pictures.get(at)} />
        </div>
        {slide.notes !== undefined && (
          <p className="text-sm break-words text-ink-2">
            <span className="block text-xs text-ink-3">Notes of the speaker</span>
            {slide.notes}
          </p>
        )}
      </div>
    </Dialog>
  );
}
