import { useState } from 'react';

import { useDownload } from '../../lib/use-download.ts';
import { useMay } from '../../lib/use-session.ts';
import { SlidesCard } from './slides-card.tsx';
import { StepFailure } from './step-failure.tsx';
import { deckOf, type DeckInMaking } from './use-deck.ts';

/** The slides once they are asked for: looked at, drawn and written as files. */
export function SlideSteps({ deck: { made, slides, drawing, whole } }: { readonly deck: DeckInMaking }) {
  const mayDraw = useMay('images:generate');
  const download = useDownload('generation.deck');
  const [format, setFormat] = useState<'pptx' | 'html'>('pptx');
  const isMaking = slides.isBusy || whole.isBusy;
  const shown = made?.slides ?? (slides.isBusy ? made?.titles.map(() => undefined) : undefined);
  if (made === undefined || shown === undefined) return null;
  const written = shown.filter((each) => each !== undefined);
  const save = (wanted: 'pptx' | 'html'): void => {
    setFormat(wanted);
    download.mutate(deckOf(wanted, made, drawing));
  };
  return (
    <SlidesCard
      slides={shown}
      isMaking={isMaking}
      pictures={drawing.pictures}
      isDrawing={drawing.isBusy}
      mayDraw={mayDraw}
      saving={download.isPending ? format : undefined}
      failure={
        <>
          <StepFailure title="The deck could not be written" error={download.error} onRetry={() => save(format)} />
          <StepFailure
            title="The pictures could not be drawn"
            error={drawing.error}
            onRetry={() => drawing.draw(written, [...written.keys()])}
          />
        </>
      }
      onDraw={(places) => drawing.draw(written, places)}
      onSave={save}
    />
  );
}
