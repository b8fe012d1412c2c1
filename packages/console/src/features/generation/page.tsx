import { Presentation } from 'lucide-react';
import { useState } from 'react';

import { Card } from '../../components/ui/card.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState, Skeleton } from '../../components/ui/states.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useMay } from '../../lib/use-session.ts';
import { addressOf, briefOf } from './brief.ts';
import { BriefForm } from './brief-form.tsx';
import { OutlineCard } from './outline-card.tsx';
import { SlideSteps } from './slide-steps.tsx';
import { StepFailure } from './step-failure.tsx';
import { useDeck, type DeckInMaking } from './use-deck.ts';
import { WholeCard } from './whole-card.tsx';

const FIELDS = ['topic', 'instructional_level', 'n_slides', 'lang', 'data', 'file_url', 'file_type'];

/** A deck from a topic: an outline to change, slides to look at, pictures to draw; or all of it in one go. */
export function Page() {
  const [address, setAddress] = useAddress();
  const [brief, setBrief] = useState(() => briefOf(address));
  const deck = useDeck(brief);
  const { outline, slides, drawing, whole } = deck;
  const mayWrite = useMay('slides:generate');
  const mayDraw = useMay('images:generate');
  const error = outline.error ?? whole.error;
  const fields = error === null ? {} : failureOf(error).fields;
  const isBeside = Object.keys(fields).some((each) => FIELDS.includes(each));
  const make = (run: () => void) => (): void => {
    setAddress(addressOf(brief), true);
    run();
  };
  return (
    <Frame>
      <PageHeader title="Generation" description="From a topic to a deck: titles first, then slides, then pictures." />
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <BriefForm
          brief={brief}
          fields={fields}
          isBusy={outline.isBusy}
          isHeld={slides.isBusy || drawing.isBusy || whole.isBusy}
          failure={
            !isBeside && (
              <StepFailure title="The outline could not be made" error={outline.error} onRetry={make(outline.run)} />
            )
          }
          onChange={(change) => setBrief((before) => ({ ...before, ...change }))}
          onSubmit={make(outline.run)}
          onMakeAll={mayWrite ? make(whole.run) : undefined}
          mayDraw={mayDraw}
        />
        <div className="grid min-w-0 gap-4">
          {!isBeside && (
            <WholeCard
              whole={whole}
              failure={<StepFailure title="The deck could not be made" error={whole.error} onRetry={make(whole.run)} />}
            />
          )}
          <Steps deck={deck} expected={Number(brief.count)} />
        </div>
      </div>
    </Frame>
  );
}

/** What follows the brief, as far as it has come. */
function Steps({ deck, expected }: { readonly deck: DeckInMaking; readonly expected: number }) {
  const { made, outline, setTitles, slides, drawing, whole } = deck;
  const mayWrite = useMay('slides:generate');
  const rows = Math.min(Math.max(expected, 1) || 1, ROWS_MAX);
  if (outline.isBusy || (whole.isBusy && made === undefined)) return <Waiting rows={rows} />;
  if (made === undefined)
    return whole.error === null ? (
      <Card>
        <EmptyState icon={Presentation} title="No deck yet">
          Say what it is about. The outline comes first, and you may change it before slides are made of it; or have the
          whole deck made in one go.
        </EmptyState>
      </Card>
    ) : null;
  const isOutlining = whole.isBusy && whole.deck.step === 'outline';
  return (
    <>
      <OutlineCard
        titles={made.titles}
        citations={made.citations}
        isBusy={slides.isBusy}
        isHeld={!mayWrite || slides.isBusy || drawing.isBusy || whole.isBusy}
        missing={isOutlining ? Math.max(rows - made.titles.length, 0) : 0}
        failure={<StepFailure title="The slides could not be made" error={slides.error} onRetry={slides.run} />}
        onChange={setTitles}
        onSubmit={slides.run}
      />
      <SlideSteps deck={deck} />
    </>
  );
}

const ROWS_MAX = 12;

const Waiting = ({ rows }: { readonly rows: number }) => (
  <Card title="Outline" hint="step 2">
    <div className="grid gap-2" aria-busy>
      {Array.from({ length: rows }, (_, at) => (
        <Skeleton key={at} className="h-8 w-full" />
      ))}
    </div>
  </Card>
);
