import { useState } from 'react';
import { toast } from 'sonner';

import { useAddress } from '../../lib/use-address.ts';
import type { Turn } from './conversation.ts';
import { LANES_MAX } from './lane-columns.ts';
import { NO_SETTINGS } from './parameters.ts';
import type { KeptChat } from './share/kept-chat.ts';
import { useLink } from './share/use-link.ts';
import { useChat, type Chat, type Setup } from './use-chat.ts';

/** What the page holds: the models stand in the address, the rest in memory. */
export interface Playground {
  readonly chat: Chat;
  readonly setup: Setup;
  readonly change: (change: Partial<Setup>) => void;
  readonly removeLane: (lane: number) => void;
  /** The whole as it can be kept. */
  readonly kept: KeptChat;
  readonly open: (chat: KeptChat) => void;
  /** What came of a link that was opened, until something is said after it. */
  readonly link: OpenedLink | undefined;
  readonly begin: () => void;
}

/** A link that was opened: without a fault the chat stands here. */
export interface OpenedLink {
  readonly fault?: string;
  /** The conversation that was shown then. */
  readonly turns: readonly Turn[];
}

/** `first`: the model to begin with where the address names none. */
export function usePlayground(first: string): Playground {
  const [address, setAddress] = useAddress();
  const [rest, setRest] = useState<Omit<Setup, 'models'>>({ settings: NO_SETTINGS, tools: [] });
  const [link, setLink] = useState<OpenedLink>();
  const chat = useChat();
  const named = NAMES.flatMap((name) => address[name] ?? []);
  const setup: Setup = { ...rest, models: named.length === 0 ? [first] : named };
  const change = ({ models, ...others }: Partial<Setup>): void => {
    if (Object.keys(others).length > 0) setRest((before) => ({ ...before, ...others }));
    if (models !== undefined) setAddress(addressOf(models));
  };
  const open = ({ turns, models, ...others }: KeptChat): void => {
    setRest({ settings: others.settings, tools: others.tools });
    // This also takes the fragment away, in whose place the chat now stands.
    setAddress(addressOf(models.length === 0 ? [first] : models), true);
    chat.reset(turns);
  };
  useLink({
    onChat: (shared) => {
      open(shared);
      setLink({ turns: shared.turns });
    },
    onFault: (fault) => {
      setAddress({}, true);
      setLink({ fault, turns: chat.turns });
    },
  });
  return {
    chat,
    setup,
    change,
    removeLane: (lane) => {
      const { turns } = chat;
      change({ models: setup.models.filter((_, of) => of !== lane) });
      chat.removeLane(lane);
      if (turns.length === 0) return;
      const undo = (): void => open({ ...setup, turns });
      toast.success(`${setup.models[lane] ?? 'The model'} was taken out.`, {
        action: { label: 'Undo', onClick: undo },
      });
    },
    kept: { ...setup, turns: chat.turns },
    open: (kept) => {
      setLink(undefined);
      open(kept);
    },
    link: link?.turns === chat.turns ? link : undefined,
    begin: () => {
      setLink(undefined);
      chat.reset([]);
    },
  };
}

/** Names of the models in the address, as many as stand beside one another. */
const NAMES = ['model', ...Array.from({ length: LANES_MAX - 1 }, (_, at) => `model${at + 2}`)];

const addressOf = (models: readonly string[]): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(NAMES.map((name, at) => [name, models[at]]));
