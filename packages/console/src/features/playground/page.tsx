import { Boxes, Code, Columns2, SlidersHorizontal, SquarePen } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState, ErrorState, ForbiddenState, Skeleton } from '../../components/ui/states.tsx';
import { cx } from '../../lib/cx.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useMay } from '../../lib/use-session.ts';
import { CodeDialog } from './code-dialog.tsx';
import { messagesFor, NO_SETTINGS } from './conversation.ts';
import { ModelLane } from './model-lane.tsx';
import { firstOf } from './model-words.ts';
import { SettingsForm } from './settings-form.tsx';
import { Talk } from './talk.tsx';
import { useChat } from './use-chat.ts';
import { useModels, type ListedModel } from './use-models.ts';

const WIDE = '(min-width: 64rem)';

/** Talks with one model, or with two beside one another, as a program would. The models stand in the address. */
export function Page() {
  const mayCall = useMay('api-keys:own');
  return (
    <Frame fills>
      {mayCall ? (
        <Listed />
      ) : (
        <>
          <PageHeader title="Playground" />
          <ForbiddenState message="Calls need a key, and your role makes none. Ask an administrator for another role." />
        </>
      )}
    </Frame>
  );
}

function Listed() {
  const { data: models, error, refetch } = useModels();
  const first = models === undefined ? undefined : firstOf(models);
  if (models !== undefined && first !== undefined) return <Playground models={models} first={first} />;
  return (
    <>
      <PageHeader title="Playground" />
      {models !== undefined && (
        <EmptyState icon={Boxes} title="No model to talk to">
          None is served to you yet. Somebody who manages providers can add one.
        </EmptyState>
      )}
      {models === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {models === undefined && error === null && (
        <div className="grid flex-1 content-start gap-4" aria-busy>
          <Skeleton className="h-8 max-w-md" />
          <Skeleton className="h-28" />
        </div>
      )}
    </>
  );
}

interface PlaygroundProps {
  readonly models: readonly ListedModel[];
  /** The model to begin with where the address names none. */
  readonly first: string;
}

function Playground({ models, first }: PlaygroundProps) {
  const [{ model = first, beside }, setAddress] = useAddress();
  const [settings, setSettings] = useState(NO_SETTINGS);
  const [isSet, setIsSet] = useState(() => matchMedia(WIDE).matches);
  const [showsCode, setShowsCode] = useState(false);
  const chat = useChat();
  const compare = (): void =>
    setAddress({ beside: beside === undefined ? (models.find(({ id }) => id !== model)?.id ?? model) : undefined });
  useActions([
    { id: 'playground-new', label: 'Begin a new chat', run: () => chat.reset([]) },
    { id: 'playground-code', label: 'Copy the chat as code', run: () => setShowsCode(true) },
  ]);
  const last = chat.turns.at(-1);
  return (
    <>
      <PageHeader
        title="Playground"
        actions={
          <HeaderActions
            isComparing={beside !== undefined}
            isSet={isSet}
            isEmpty={chat.turns.length === 0}
            onCompare={compare}
            onSet={() => setIsSet(!isSet)}
            onCode={() => setShowsCode(true)}
            onNew={() => chat.reset([])}
          />
        }
      />
      <div className="flex min-h-0 flex-1 flex-col gap-4 lg:flex-row-reverse">
        {isSet && (
          <aside
            aria-label="Parameters"
            tabIndex={0}
            className="max-h-[40%] shrink-0 overflow-y-auto lg:max-h-none lg:w-72"
          >
            <Card>
              <SettingsForm settings={settings} onChange={setSettings} />
            </Card>
          </aside>
        )}
        <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-3">
          <Lanes models={models} model={model} beside={beside} onChange={setAddress} />
          <Talk chat={chat} models={beside === undefined ? [model] : [model, beside]} settings={settings} />
        </div>
      </div>
      {showsCode && (
        <CodeDialog
          asked={{
            origin: location.origin,
            model,
            messages: messagesFor(chat.turns.slice(0, -1), 0, last?.text ?? 'Hello'),
            settings,
          }}
          onClose={() => setShowsCode(false)}
        />
      )}
    </>
  );
}

interface HeaderActionsProps {
  readonly isComparing: boolean;
  readonly isSet: boolean;
  readonly isEmpty: boolean;
  readonly onCompare: () => void;
  readonly onSet: () => void;
  readonly onCode: () => void;
  readonly onNew: () => void;
}

const HeaderActions = ({ isComparing, isSet, isEmpty, onCompare, onSet, onCode, onNew }: HeaderActionsProps) => (
  <>
    <Button icon={<Columns2 aria-hidden />} aria-pressed={isComparing} onClick={onCompare}>
      Compare
    </Button>
    <Button icon={<SlidersHorizontal aria-hidden />} aria-expanded={isSet} onClick={onSet}>
      Parameters
    </Button>
    <Button icon={<Code aria-hidden />} onClick={onCode}>
      <span className="max-sm:sr-only">Code</span>
    </Button>
    <Button icon={<SquarePen aria-hidden />} disabled={isEmpty} onClick={onNew}>
      <span className="max-sm:sr-only">New chat</span>
    </Button>
  </>
);

interface LanesProps {
  readonly models: readonly ListedModel[];
  readonly model: string;
  readonly beside: string | undefined;
  readonly onChange: (change: { readonly model?: string; readonly beside?: string | undefined }) => void;
}

/** The model that is talked to, and the one beside it. */
const Lanes = ({ models, model, beside, onChange }: LanesProps) => (
  <div className={cx('grid gap-3', beside === undefined ? 'max-w-lg' : 'grid-cols-2')}>
    <ModelLane label="Model" models={models} value={model} onChange={(to) => onChange({ model: to })} />
    {beside !== undefined && (
      <ModelLane
        label="Model beside it"
        models={models}
        value={beside}
        onChange={(to) => onChange({ beside: to })}
        onRemove={() => onChange({ beside: undefined })}
      />
    )}
  </div>
);
