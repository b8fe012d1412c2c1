import { memo, useDeferredValue } from 'react';

import { Blocks } from './blocks.tsx';
import { PlainText } from './plain-text.tsx';
import { createReader } from './tree-of.ts';

const read = createReader();

/** Markdown as elements. Nothing in it becomes markup: HTML is shown as what was written, images as their addresses. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  // While pieces come fast, the reading lags behind the writing and not the page behind both.
  const shown = useDeferredValue(text);
  const nodes = read(shown);
  return nodes === undefined ? <PlainText text={shown} /> : <Blocks nodes={nodes} />;
});
