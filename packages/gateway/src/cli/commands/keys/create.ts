import { hashOfKey, mintKey } from '../../../identity/api-key.ts';
import { UsageError, type CommandOutput, type StoreContext } from '../../command.ts';

const LABEL_CHARACTERS_MAX = 100;

/** Makes a data-plane key; this output is the only place where its text is ever shown. */
export async function createKey(context: StoreContext, args: readonly string[]): Promise<CommandOutput> {
  const label = args.join(' ').trim() || 'unnamed';
  if (label.length > LABEL_CHARACTERS_MAX)
    throw new UsageError(`A label has at most ${LABEL_CHARACTERS_MAX} characters: patchbay keys create [label]`);
  const { id, text } = mintKey();
  const createdAtMs = context.nowMs();
  await context.store.keys.insert({ id, label, hash: hashOfKey(text, context.hashKey), createdAtMs });
  return {
    json: { id, label, key: text, createdAtMs },
    text: `${text}\n\nThis is the only time the key is shown. Its id is ${id}.`,
  };
}
