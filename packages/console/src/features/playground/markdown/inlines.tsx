import { Fragment, type ReactNode } from 'react';

import { safeAddress, type Node } from './tree-of.ts';

export interface NodesProps {
  readonly nodes: readonly Node[];
}

/** Pieces of a line. */
export const Inlines = ({ nodes }: NodesProps) =>
  nodes.map((node, at) => <Fragment key={at}>{inlineOf(node)}</Fragment>);

function inlineOf(node: Node): ReactNode {
  const { type, text, within } = node;
  switch (type) {
    case 'inline':
      return <Inlines nodes={within} />;
    case 'strong':
      return (
        <strong className="font-semibold">
          <Inlines nodes={within} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inlines nodes={within} />
        </em>
      );
    case 's':
      return (
        <del>
          <Inlines nodes={within} />
        </del>
      );
    case 'code_inline':
      return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.9em] break-words">{text}</code>;
    case 'softbreak':
      return '\n';
    case 'hardbreak':
      return <br />;
    case 'link':
      return <Address node={node} />;
    case 'image':
      // Loading it would tell whoever named it that the answer was read.
      return <Named address={node.attributes['src'] ?? ''}>{text === '' ? 'Image' : text}</Named>;
    default:
      return text;
  }
}

function Address({ node: { attributes, within } }: { readonly node: Node }) {
  const written = attributes['href'] ?? '';
  const href = safeAddress(written);
  if (href === undefined)
    return (
      <Named address={written}>
        <Inlines nodes={within} />
      </Named>
    );
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={href}
      className="break-words text-accent underline underline-offset-2"
    >
      <Inlines nodes={within} />
    </a>
  );
}

/** What is not followed: its words and where it would lead. */
const Named = ({ address, children }: { readonly address: string; readonly children: ReactNode }) => (
  <span className="break-words">
    {children} <span className="text-ink-3">({address})</span>
  </span>
);
