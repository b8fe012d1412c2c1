// A program of a user: it must compile under `strict` with every compiler that is supported.
import { createClient, LlmError, type Ask, type Generated, type StreamEvent, type Usage } from '@patchbay/llm';
import { createPatchbay } from '@patchbay/llm/ai-sdk';
import { createFailoverFetch } from '@patchbay/llm/fetch';

const client = createClient({ credentials: { openai: ['one', 'two'] }, timeouts: { idleMs: 1000 } });
const ask: Ask = { model: ['openai/gpt-5', 'anthropic/claude-opus-5'], prompt: 'hi', tools: { now: {} } };

export async function answer(signal: AbortSignal): Promise<string> {
  try {
    const whole: Generated = await client.generate(ask, { signal });
    const usage: Usage | undefined = whole.usage;
    return `${whole.text} (${usage?.outputTokens ?? 'unknown'})`;
  } catch (error) {
    return error instanceof LlmError ? error.failure.kind : 'unexpected';
  }
}

export async function* pieces(): AsyncGenerator<string> {
  for await (const event of client.stream(ask)) yield said(event);
}

function said(event: StreamEvent): string {
  return event.type === 'part-delta' && event.delta.type === 'text' ? event.delta.text : '';
}

// @ts-expect-error A model is text or a list of texts: types that say nothing would let this pass.
void client.generate({ model: 5, prompt: 'hi' });

export const dropIn: typeof fetch = createFailoverFetch({ client, targets: ['openai/*'] });
export const provider = createPatchbay({ client })('openai/gpt-5').specificationVersion;
