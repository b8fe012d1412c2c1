import { useState } from 'react';

import { Sheet } from '../../components/ui/sheet.tsx';
import { Tabs } from '../../components/ui/tabs.tsx';
import { callNoTools, effortsOf } from './model-words.ts';
import { SettingsForm } from './settings-form.tsx';
import { ToolPanel } from './tools/tool-panel.tsx';
import type { Setup } from './use-chat.ts';
import type { ListedModel } from './use-models.ts';

export interface SidePanelProps {
  readonly setup: Setup;
  readonly onChange: (change: Partial<Setup>) => void;
  /** What is known of the models that are talked to. */
  readonly known: readonly ListedModel[];
  /** False: there is no room beside the conversation, and it lies in front of it. */
  readonly isBeside: boolean;
  readonly onClose: () => void;
}

/** Parameters and tools: what goes with every question. */
export function SidePanel({ isBeside, onClose, ...rest }: SidePanelProps) {
  const content = <PanelTabs {...rest} />;
  if (!isBeside)
    return (
      <Sheet isOpen onClose={onClose} title="Parameters and tools">
        <div className="px-4 py-2">{content}</div>
      </Sheet>
    );
  return (
    <aside
      aria-label="Parameters and tools"
      tabIndex={0}
      className="max-h-full w-80 shrink-0 self-start overflow-y-auto rounded-lg border border-line bg-surface px-4 pt-1 pb-4 shadow-rest"
    >
      {content}
    </aside>
  );
}

function PanelTabs({
  setup: { settings, tools },
  onChange,
  known,
}: Pick<SidePanelProps, 'setup' | 'onChange' | 'known'>) {
  const [tab, setTab] = useState('parameters');
  return (
    <Tabs
      label="What goes with every question"
      value={tab}
      onChange={setTab}
      tabs={[
        {
          value: 'parameters',
          label: 'Parameters',
          content: (
            <SettingsForm
              settings={settings}
              onChange={(to) => onChange({ settings: to })}
              efforts={effortsOf(known)}
            />
          ),
        },
        {
          value: 'tools',
          label: tools.length === 0 ? 'Tools' : `Tools (${tools.length})`,
          content: (
            <ToolPanel
              tools={tools}
              onTools={(to) => onChange({ tools: to })}
              settings={settings}
              onSettings={(to) => onChange({ settings: to })}
              warning={callNoTools(known)}
            />
          ),
        },
      ]}
    />
  );
}
