import { Fragment, type ReactNode } from 'react';

import { CodeBlock } from '../../../components/ui/code.tsx';
import { cx } from '../../../lib/cx.ts';
import { Inlines, type NodesProps } from './inlines.tsx';
import type { Node } from './tree-of.ts';

/** Blocks beneath one another. */
export const Blocks = ({ nodes }: NodesProps) => (
  <div className="grid min-w-0 gap-2.5 text-base">
    {nodes.map((node, at) => (
      <Fragment key={at}>{blockOf(node)}</Fragment>
    ))}
  </div>
);

function blockOf(node: Node): ReactNode {
  const { type, text, info, within } = node;
  switch (type) {
    case 'heading':
      return <Heading node={node} />;
    case 'fence':
    case 'code_block':
      return <CodeBlock text={text.replace(/\n$/, '')} label={codeLabel(info)} />;
    case 'hr':
      return <hr className="border-line" />;
    case 'blockquote':
      return (
        <blockquote className="border-l-2 border-line-strong pl-3 text-ink-2">
          <Blocks nodes={within} />
        </blockquote>
      );
    case 'bullet_list':
      return <ul className="grid list-disc gap-1 pl-5 marker:text-ink-3">{itemsOf(within)}</ul>;
    case 'ordered_list':
      return (
        <ol start={Number(node.attributes['start'] ?? 1)} className="grid list-decimal gap-1 pl-6 marker:text-ink-3">
          {itemsOf(within)}
        </ol>
      );
    case 'table':
      return <Table node={node} />;
    default:
      return <Paragraph node={node} />;
  }
}

const codeLabel = (info: string): string => {
  const [name = ''] = info.trim().split(/\s/);
  return name === '' ? 'Code of the answer' : `Code in ${name.slice(0, 40)}`;
};

const itemsOf = (nodes: readonly Node[]): ReactNode =>
  nodes.map(({ within }, at) => (
    <li key={at} className="pl-1">
      <Blocks nodes={within} />
    </li>
  ));

const Paragraph = ({ node }: { readonly node: Node }) => (
  <p dir="auto" className="break-words whitespace-pre-wrap">
    <Inlines nodes={node.within.length > 0 ? node.within : [node]} />
  </p>
);

/** A heading of the answer is none of the page: it stands beneath the page's own. */
function Heading({ node: { tag, within } }: { readonly node: Node }) {
  const level = Number(tag.slice(1));
  return (
    <p
      role="heading"
      aria-level={Math.min(level + 2, 6)}
      dir="auto"
      className={cx('font-semibold break-words', level <= 2 && 'text-lg')}
    >
      <Inlines nodes={within} />
    </p>
  );
}

const rowsOf = (node: Node): readonly Node[] => node.within.flatMap(({ within }) => within);

const Table = ({ node }: { readonly node: Node }) => (
  // Scrolls by keyboard, too.
  <div
    tabIndex={0}
    role="region"
    aria-label="Table of the answer"
    className="overflow-x-auto rounded-md border border-line"
  >
    <table className="w-full border-collapse text-sm">
      <tbody className="divide-y divide-line">
        {rowsOf(node).map((row, at) => (
          <tr key={at} className={cx(at === 0 && 'bg-sunken')}>
            {row.within.map((cell, of) => (
              <TableCell key={of} node={cell} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const SIDES: Readonly<Record<string, string>> = {
  'text-align:center': 'text-center',
  'text-align:right': 'text-right',
};

function TableCell({ node: { type, attributes, within } }: { readonly node: Node }) {
  const look = cx('px-2.5 py-1.5 text-left align-top', SIDES[attributes['style'] ?? '']);
  return type === 'th' ? (
    <th scope="col" className={cx(look, 'font-medium')}>
      <Inlines nodes={within} />
    </th>
  ) : (
    <td className={look}>
      <Inlines nodes={within} />
    </td>
  );
}
