import { Check, Circle, Download, LoaderCircle, Square } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Bytes, Time } from '../../components/ui/values.tsx';
import { STEPS, type DeckSoFar, type DeckStep } from './deck-so-far.ts';
import type { WholeDeck } from './use-whole-deck.ts';

const LABELS: Readonly<Record<DeckStep, string>> = {
  outline: 'Outline',
  slides: 'Slides',
  images: 'Pictures',
  rendering: 'File',
};

export interface WholeCardProps {
  readonly whole: Pick<WholeDeck, 'asked' | 'deck' | 'isBusy' | 'isStopped' | 'stop'>;
  /** Why it was not made. */
  readonly failure: ReactNode;
}

/** How far a whole deck is, step by step, and its file in the end. */
export function WholeCard({ whole: { asked, deck, isBusy, isStopped, stop }, failure }: WholeCardProps) {
  if (asked === undefined) return null;
  const steps = STEPS.filter((step) => step !== 'images' || asked.hasPictures);
  const counts = countsOf(deck, Number(asked.count));
  return (
    <Card
      title="The whole deck"
      actions={
        isBusy && (
          <Button size="sm" icon={<Square aria-hidden />} onClick={stop}>
            Stop
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        <ol
          aria-label="Steps of the deck"
          aria-live="polite"
          className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4"
        >
          {steps.map((step) => (
            <Step key={step} label={LABELS[step]} count={counts[step]} state={stateOf(step, deck, isBusy)} />
          ))}
        </ol>
        {isStopped && (
          <p role="status" className="text-sm text-ink-2">
            Stopped. What came so far stays below; made anew, it goes on from what the gateway remembers.
          </p>
        )}
        {failure}
        {deck.link !== undefined && <Finished link={deck.link} />}
      </div>
    </Card>
  );
}

type State = 'done' | 'running' | 'waiting' | 'left';

function stateOf(step: DeckStep, { step: now, link }: DeckSoFar, isBusy: boolean): State {
  if (link !== undefined) return 'done';
  const [at, ofNow] = [STEPS.indexOf(step), now === undefined ? -1 : STEPS.indexOf(now)];
  if (at < ofNow) return 'done';
  if (!isBusy) return 'left';
  return at === ofNow ? 'running' : 'waiting';
}

const WORDS: Readonly<Record<State, string>> = {
  done: 'done',
  running: 'under way',
  waiting: 'to come',
  left: 'not made',
};

const ICONS: Readonly<Record<State, ReactNode>> = {
  done: <Check className="text-good" aria-hidden />,
  running: <LoaderCircle className="animate-spin text-accent" aria-hidden />,
  waiting: <Circle className="text-ink-3" aria-hidden />,
  left: <Circle className="text-ink-3" aria-hidden />,
};

interface StepProps {
  readonly label: string;
  readonly count: string | undefined;
  readonly state: State;
}

const Step = ({ label, count, state }: StepProps) => (
  <li className="flex items-start gap-2 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0">
    {ICONS[state]}
    <span className="grid">
      <span className="text-sm font-medium">
        {label} <span className="sr-only">{WORDS[state]}</span>
      </span>
      {count !== undefined && <span className="numeric text-xs text-ink-3">{count}</span>}
    </span>
  </li>
);

/** How many there are of what each step makes. */
function countsOf(
  { titles, slides, pictures }: DeckSoFar,
  wanted: number,
): Readonly<Partial<Record<DeckStep, string>>> {
  const written = slides.filter((each) => each !== undefined).length;
  const drawn = [...pictures.values()].filter(({ status }) => status !== 'drawing').length;
  return {
    ...(titles.length > 0 && { outline: `${titles.length} of ${wanted}` }),
    ...(written > 0 && { slides: `${written} of ${titles.length}` }),
    ...(pictures.size > 0 && { images: `${drawn} of ${pictures.size}` }),
  };
}

const Finished = ({ link }: { readonly link: NonNullable<DeckSoFar['link']> }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
    <Button asChild>
      <a href={link.url} download={link.file_name}>
        <Download aria-hidden />
        {link.file_name}
      </a>
    </Button>
    <p className="text-xs text-ink-3">
      <Bytes value={link.bytes} />, at this link until <Time at={link.expires_at} />.
      {link.missing_pictures.length > 0 && ` Without a picture: ${link.missing_pictures.join(', ')}.`}
    </p>
  </div>
);
