import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface TabsProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly tabs: readonly { readonly value: string; readonly label: ReactNode; readonly content: ReactNode }[];
}

/** One of a few views of the same thing; the address should say which. */
export const Tabs = ({ label, value, onChange, tabs }: TabsProps) => (
  <Radix.Root value={value} onValueChange={onChange} className="flex min-h-0 flex-col">
    <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Radix.Trigger
          key={tab.value}
          value={tab.value}
          // The library focuses by program what a mouse presses, at which browsers would draw the ring of keys.
          onMouseDown={({ currentTarget }) => currentTarget.focus({ focusVisible: false })}
          className="-mb-px border-b-2 border-transparent px-2.5 py-2 text-sm whitespace-nowrap text-ink-2 hover:text-ink rounded-t-md focus-visible:-outline-offset-3 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
        >
          {tab.label}
        </Radix.Trigger>
      ))}
    </Radix.List>
    {tabs.map((tab) => (
      <Radix.Content key={tab.value} value={tab.value} className="min-h-0 flex-1 pt-4 focus-visible:outline-offset-4">
        {tab.content}
      </Radix.Content>
    ))}
  </Radix.Root>
);
