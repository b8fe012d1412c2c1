import { Presentation } from 'lucide-react';
import { useState } from 'react';

import { Card } from '../../components/ui/card.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState, Skeleton } from '../../components/ui/states.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useDownload } from '../../lib/use-download.ts';
import { useMay } from '../../lib/use-session.ts';
import { addressOf, briefOf } from './brief.ts';
import { BriefForm } from './brief-form.tsx';
import { OutlineCard } from './outline-card.tsx';
import { SlidesCard } from './slides-card.tsx';
import { StepFailure } from './step-failure.tsx';
import { deckOf, useDeck, type DeckInMaking } from './use-deck.ts';

const FIELDS = ['topic', 'instructional_level', 'n_slides', 'lang', 'data', 'file_url', 'file_type'];

/** A deck from a topic: an outline to change, slides to look at, pictures to draw. */
export function Page() {
  const [address, setAddress] = useAddress();
  const [brief, setBrief] = useState(() => briefOf(address));
  const deck = useDeck(brief);
  const { outline, slides, drawing } = deck;
  const { fields } = outline.error === null ? { fields: {} } : failureOf(outline.error);
  const isShownBesideFields = Object.keys(fields).some((each) => FIELDS.includes(each));
  const makeOutline = (): void => {
    setAddress(addressOf(brief), true);
    outline.run();
  };
  return (
    <Frame>
      <PageHeader title="Generation" description="From a topic to a deck: titles first, then slides, then pictures." />
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <BriefForm
          brief={brief}
          fields={fields}
          isBusy={outline.isBusy}
          isHeld={slides.isBusy || drawing.isBusy}
          failure={
            !isShownBesideFields && (
              <StepFailure title="The outline could not be made" error={outline.error} onRetry={makeOutline} />
            )
          }
          onChange={(change) => setBrief((before) => ({ ...before, ...change }))}
          onSubmit={makeOutline}
        />
        <div className="grid min-w-0 gap-4">
          <Steps deck={deck} expected={Number(brief.count)} />
        </div>
      </div>
    </Frame>
  );
}

/** What follows the brief, as far as it has come. */
function Steps({ deck, expected }: { readonly deck: DeckInMaking; readonly expected: number }) {
  const { outline, titles, setTitles, slides, drawing } = deck;
  const mayWrite = useMay('slides:generate');
  const mayDraw = useMay('images:generate');
  const download = useDownload('generation.deck');
  const [format, setFormat] = useState<'pptx' | 'html'>('pptx');
  const save = (wanted: 'pptx' | 'html'): void => {
    setFormat(wanted);
    download.mutate(deckOf(wanted, deck));
  };
  if (outline.isBusy) return <Waiting rows={expected} />;
  if (outline.made === undefined)
    return (
      <Card>
        <EmptyState icon={Presentation} title="No deck yet">
          Say what it is about. The outline comes first, and you may change it before slides are made of it.
        </EmptyState>
      </Card>
    );
  const made = slides.made;
  return (
    <>
      <OutlineCard
        titles={titles}
        citations={outline.made.citations}
        isBusy={slides.isBusy}
        isHeld={!mayWrite || drawing.isBusy}
        failure={<StepFailure title="The slides could not be made" error={slides.error} onRetry={slides.run} />}
        onChange={setTitles}
        onSubmit={slides.run}
      />
      {(slides.isBusy || made !== undefined) && (
        <SlidesCard
          slides={slides.isBusy ? undefined : made}
          expected={titles.length}
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
                onRetry={() => drawing.draw(made ?? [], [...(made ?? []).keys()])}
              />
            </>
          }
          onDraw={(places) => drawing.draw(made ?? [], places)}
          onSave={save}
        />
      )}
    </>
  );
}

const ROWS_MAX = 12;

const Waiting = ({ rows }: { readonly rows: number }) => (
  <Card title="Outline" hint="step 2">
    <div className="grid gap-2" aria-busy>
      {Array.from({ length: Math.min(Math.max(rows, 1) || 1, ROWS_MAX) }, (_, at) => (
        <Skeleton key={at} className="h-8 w-full" />
      ))}
    </div>
  </Card>
);
