import { useState } from 'react';

import { PageHeader } from '../../components/ui/page.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { HeaderActions } from './header-actions.tsx';
import { LANES_MAX } from './lane-columns.ts';
import { Lanes } from './lanes.tsx';
import { LinkNotice } from './link-notice.tsx';
import { knownOf, otherOf } from './model-words.ts';
import { Overlays, type Overlay } from './overlays.tsx';
import { countSet } from './parameters.ts';
import { useKeeping } from './saved/use-keeping.ts';
import { SidePanel } from './side-panel.tsx';
import { Talk } from './talk.tsx';
import type { ListedModel } from './use-models.ts';
import { usePlayground } from './use-playground.ts';
import { useWide } from './use-wide.ts';

export interface PlaygroundProps {
  readonly models: readonly ListedModel[];
  /** The model to begin with where the address names none. */
  readonly first: string;
}

/** The page once its models are known. */
export function Playground({ models, first }: PlaygroundProps) {
  const playground = usePlayground(first);
  const { chat, setup, change, link } = playground;
  const isWide = useWide();
  const [isSet, setIsSet] = useState(isWide);
  const [overlay, setOverlay] = useState<Overlay>();
  const [shown, setShown] = useShown(setup.models.length);
  const keeping = useKeeping(playground, overlay === 'saved');
  const known = knownOf(models, setup.models);
  const add = (): void => {
    change({ models: [...setup.models, otherOf(models, setup.models)] });
    setShown(setup.models.length);
  };
  useCommands(keeping.begin, setOverlay);
  return (
    <>
      <PageHeader
        title="Playground"
        actions={
          <HeaderActions
            isSet={isSet}
            count={countSet(setup.settings) + setup.tools.length}
            isEmpty={chat.turns.length === 0}
            onAdd={setup.models.length < LANES_MAX ? add : undefined}
            onSet={() => setIsSet(!isSet)}
            onCode={() => setOverlay('code')}
            onShare={() => setOverlay('share')}
            onSave={keeping.save}
            onSaved={() => setOverlay('saved')}
            onNew={keeping.begin}
          />
        }
      />
      <div className="flex min-h-0 flex-1 gap-4">
        <div className="@container flex min-h-0 min-w-0 flex-1 flex-col gap-3">
          <Lanes
            models={models}
            chosen={setup.models}
            onChange={(to) => change({ models: to })}
            onRemove={playground.removeLane}
            isBusy={chat.isBusy}
            shown={shown}
            onShow={setShown}
          />
          <Talk chat={chat} setup={setup} known={known} shown={shown} notice={<LinkNotice link={link} />} />
        </div>
        {isSet && (
          <SidePanel setup={setup} onChange={change} known={known} isBeside={isWide} onClose={() => setIsSet(false)} />
        )}
      </div>
      <Overlays
        overlay={overlay}
        playground={playground}
        lane={shown}
        keeping={keeping}
        onClose={() => setOverlay(undefined)}
      />
    </>
  );
}

/** What the command palette offers here. */
const useCommands = (begin: () => void, show: (overlay: Overlay) => void): void =>
  useActions([
    { id: 'playground-new', label: 'Begin a new chat', run: begin },
    { id: 'playground-code', label: 'Copy the chat as code', run: () => show('code') },
    { id: 'playground-saved', label: 'Open a saved chat', run: () => show('saved') },
  ]);

/** Which of so many models is seen where there is room for one; the last one where the chosen one is gone. */
function useShown(count: number): readonly [number, (lane: number) => void] {
  const [lane, setLane] = useState(0);
  return [Math.min(lane, count - 1), setLane];
}
