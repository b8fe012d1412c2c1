import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { systemClock } from '@patchbay/llm/model/clock';

import type { Foundations } from '../../src/compose.ts';
import type { ProviderSetting, Settings } from '../../src/config/settings.ts';
import { openStore, type Store } from '../../src/storage/open-store.ts';
import { sendJson, sendSse, type SeenRequest } from '../support/scripted-upstream.ts';
import { startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

/** A second key, whose owner must see nothing of the first one's. */
export const OTHER_KEY = 'pb_canary_key_of_another_caller';

/** A gateway with a store of its own. */
export interface KeptGateway extends TestGateway {
  readonly store: Store;
}

/** Starts one in a folder of its own; `close` takes the folder away. */
export async function startKeptGateway(
  providers: readonly ProviderSetting[],
  changes: Partial<Settings> = {},
  dataDir?: string,
): Promise<KeptGateway> {
  const folder = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'patchbay-test-')));
  const store = await openStore({ dataDir: folder, clock: systemClock });
  const keys: Foundations['keys'] = {
    verify: (key) => {
      if (key === TEST_KEY) return { keyId: 'test', label: 'test' };
      return key === OTHER_KEY ? { keyId: 'other', label: 'other' } : 'unknown';
    },
  };
  const gateway = await startGateway(providers, changes, { responses: store.responses, keys });
  return {
    ...gateway,
    store,
    close: async () => {
      await gateway.close();
      await store.close();
      if (dataDir === undefined) await rm(folder, { recursive: true });
    },
  };
}

/** One answer in Anthropic's dialect, streamed where the request asks for a stream. */
export function sayAsAnthropic(request: SeenRequest, response: ServerResponse, content: readonly object[]): void {
  const isTool = content.some((block) => 'name' in block);
  const whole = {
    id: 'msg_same_every_time',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content,
    stop_reason: isTool ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
  };
  const { stream } = JSON.parse(request.body.toString()) as { stream?: boolean };
  if (stream !== true) return sendJson(response, 200, whole);
  sendSse(response, anthropicEvents(whole).map(eventText).join(''));
}

/** The events of such an answer. */
export function anthropicEvents(whole: {
  readonly content: readonly object[];
  readonly stop_reason: string;
  readonly [member: string]: unknown;
}): readonly object[] {
  const blocks = whole.content.flatMap((block, index) => {
    const { text, input } = block as { text?: string; input?: object };
    const empty = text === undefined ? { ...block, input: {} } : { ...block, text: '' };
    const delta =
      text === undefined
        ? { type: 'input_json_delta', partial_json: JSON.stringify(input) }
        : { type: 'text_delta', text };
    return [
      { type: 'content_block_start', index, content_block: empty },
      { type: 'content_block_delta', index, delta },
      { type: 'content_block_stop', index },
    ];
  });
  return [
    { type: 'message_start', message: { ...whole, content: [], stop_reason: null } },
    ...blocks,
    {
      type: 'message_delta',
      delta: { stop_reason: whole.stop_reason, stop_sequence: null },
      usage: { output_tokens: 5 },
    },
    { type: 'message_stop' },
  ];
}

/** One of them as it stands in the stream. */
export const eventText = (event: object): string =>
  `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`;

/** A block of text. */
export const text = (said: string): object => ({ type: 'text', text: said });

/** The messages that an upstream was sent. */
export const messagesIn = ({ body }: SeenRequest): readonly { role: string; content: unknown }[] =>
  (JSON.parse(body.toString()) as { messages: readonly { role: string; content: unknown }[] }).messages;
