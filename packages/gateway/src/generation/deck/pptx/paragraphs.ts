import { isRightToLeft, type TextBlock } from '../slide-text.ts';
import { escapeXml } from './xml.ts';

/** How lines are written. */
export interface ParagraphStyle {
  readonly lang: string;
  /** Absent: the size that the place has. */
  readonly sizePt?: number;
}

/** Lines as paragraphs, each in the direction of its first letter. A place always has a paragraph. */
export function paragraphsOf({ lines, isList }: TextBlock, { lang, sizePt }: ParagraphStyle): string {
  const size = sizePt === undefined ? '' : ` sz="${Math.round(sizePt * 100)}"`;
  const language = escapeXml(lang);
  if (lines.length === 0) return `<a:p><a:endParaRPr lang="${language}"${size}/></a:p>`;
  return lines
    .map((line) => {
      const direction = isRightToLeft(line) ? ' algn="r" rtl="1"' : '';
      const mark = isList ? `<a:pPr${direction}/>` : `<a:pPr marL="0" indent="0"${direction}><a:buNone/></a:pPr>`;
      return `<a:p>${mark}<a:r><a:rPr lang="${language}"${size} dirty="0"/><a:t>${escapeXml(line)}</a:t></a:r></a:p>`;
    })
    .join('');
}
