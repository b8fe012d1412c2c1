import { escapeXml, XML_HEAD } from './xml.ts';

const KINDS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';

/** Where a part leads: the last word of the kind, and the name of the other part from the folder of this one. */
export type Relation = readonly [kind: string, target: string];

/** The relations of a part, as `rId1` and so on in their order. */
export const relationsXml = (relations: readonly Relation[]): string =>
  `${XML_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations
    .map(
      ([kind, target], index) =>
        `<Relationship Id="rId${index + 1}" Type="${kindOf(kind)}" Target="${escapeXml(target)}"/>`,
    )
    .join('')}</Relationships>`;

const kindOf = (kind: string): string =>
  kind === 'core-properties'
    ? 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties'
    : KINDS + kind;
