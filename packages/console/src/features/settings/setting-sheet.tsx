import type { ConfigEntry } from '@patchbay/contract/resources/system';

import { CodeBlock } from '../../components/ui/code.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { shownValue, SOURCES } from './words.ts';

export interface SettingSheetProps {
  readonly setting: ConfigEntry;
  readonly onClose: () => void;
}

/** One setting, and how it is changed. */
export const SettingSheet = ({ setting: { name, value, source, description }, onClose }: SettingSheetProps) => (
  <Sheet isOpen onClose={onClose} title={name}>
    <div className="grid gap-5 p-4">
      {description !== undefined && <p className="max-w-prose text-sm text-ink-2">{description}</p>}
      <KeyValue
        rows={[
          [
            'Value',
            <span key="value" className="font-mono text-xs break-all">
              {shownValue(value)}
            </span>,
          ],
          ['From', SOURCES[source]],
        ]}
      />
      <section className="grid gap-2">
        <h3 className="text-xs font-medium text-ink-3">To change it, start the gateway again with</h3>
        <CodeBlock text={`${name}=…`} label="In the environment or .env" />
        <CodeBlock text={`${name.toLowerCase()}: …`} label="In config.yaml" />
      </section>
    </div>
  </Sheet>
);
