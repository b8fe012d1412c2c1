import { Pencil, Plus, Trash2, Wrench } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../../components/ui/button.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Select } from '../../../components/ui/input.tsx';
import type { Settings } from '../parameters.ts';
import { UndoLine } from '../undo-line.tsx';
import { ToolDialog } from './tool-dialog.tsx';
import { NEW_TOOL, type Tool } from './tool.ts';

export interface ToolPanelProps {
  readonly tools: readonly Tool[];
  readonly onTools: (tools: readonly Tool[]) => void;
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
  /** What the catalogue says against tools with these models. */
  readonly warning: string | undefined;
}

/** The tools that go with every question. */
export function ToolPanel({ tools, onTools, settings, onSettings, warning }: ToolPanelProps) {
  /** Which one is written: its place, or one past the end for a new one. */
  const [at, setAt] = useState<number>();
  /** The tools as they were before the last one was taken away, and its name. */
  const [before, setBefore] = useState<{ readonly tools: readonly Tool[]; readonly name: string }>();
  const change = (to: readonly Tool[], removed?: Tool): void => {
    setBefore(removed && { tools, name: removed.name });
    onTools(to);
  };
  return (
    <div className="grid content-start gap-4">
      {tools.length === 0 && (
        <p className="text-sm text-ink-2">
          None yet. Describe a tool, and models may ask for it to be called; you write what it answers.
        </p>
      )}
      {tools.length > 0 && (
        <ul className="grid gap-2">
          {tools.map((tool, place) => (
            <ToolRow
              key={tool.name}
              tool={tool}
              onChange={() => setAt(place)}
              onRemove={() =>
                change(
                  tools.filter((each) => each !== tool),
                  tool,
                )
              }
            />
          ))}
        </ul>
      )}
      {before !== undefined && <UndoLine name={before.name} onUndo={() => change(before.tools)} />}
      <Button icon={<Plus aria-hidden />} className="w-fit" onClick={() => setAt(tools.length)}>
        Add a tool
      </Button>
      {tools.length > 0 && <Choices settings={settings} onSettings={onSettings} />}
      {tools.length > 0 && warning !== undefined && (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-xs text-warn">
          {warning}
        </p>
      )}
      {at !== undefined && (
        <ToolDialog
          tool={tools[at] ?? NEW_TOOL}
          isNew={at === tools.length}
          taken={tools.filter((_, of) => of !== at).map(({ name }) => name)}
          onDone={(tool) => {
            change(at === tools.length ? [...tools, tool] : tools.map((each, of) => (of === at ? tool : each)));
            setAt(undefined);
          }}
          onClose={() => setAt(undefined)}
        />
      )}
    </div>
  );
}

interface ToolRowProps {
  readonly tool: Tool;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

const ToolRow = ({ tool, onChange, onRemove }: ToolRowProps) => (
  <li className="flex items-start gap-2 rounded-md border border-line px-2.5 py-2">
    <Wrench className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
    <div className="min-w-0 flex-1">
      <p className="truncate font-mono text-xs font-medium">{tool.name}</p>
      <p className="line-clamp-2 text-xs break-words text-ink-3">{tool.description || 'No description'}</p>
    </div>
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={`Change ${tool.name}`}
      icon={<Pencil aria-hidden />}
      onClick={onChange}
    />
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={`Remove ${tool.name}`}
      icon={<Trash2 aria-hidden />}
      onClick={onRemove}
    />
  </li>
);

const Choices = ({ settings, onSettings }: Pick<ToolPanelProps, 'settings' | 'onSettings'>) => (
  <>
    <Field label="Which it calls" hint="Whether it must, may or may not call one.">
      {(control) => (
        <Select
          {...control}
          value={settings.toolChoice}
          onChange={(event) => onSettings({ ...settings, toolChoice: event.target.value as Settings['toolChoice'] })}
        >
          <option value="">Not sent</option>
          <option value="auto">As it sees fit</option>
          <option value="required">One at least</option>
          <option value="none">None</option>
        </Select>
      )}
    </Field>
    <Field label="Several at once" hint="Whether one answer may call more than one.">
      {(control) => (
        <Select
          {...control}
          value={settings.parallelCalls}
          onChange={(event) =>
            onSettings({ ...settings, parallelCalls: event.target.value as Settings['parallelCalls'] })
          }
        >
          <option value="">Not sent</option>
          <option value="yes">Yes</option>
          <option value="no">No</option>
        </Select>
      )}
    </Field>
  </>
);
