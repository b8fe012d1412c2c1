import { XML_HEAD } from './xml.ts';

/** Colours of decks, as six hexadecimal digits, by their names in the format; the page uses the same. */
export const COLOURS = {
  dk1: '1F2430',
  lt1: 'FFFFFF',
  dk2: '14213D',
  lt2: 'F3F5FA',
  accent1: '2F6BE8',
  accent2: '12A594',
  accent3: 'E8A317',
  accent4: 'D9485F',
  accent5: '7C5CE0',
  accent6: '5B6B8C',
  hlink: '2F6BE8',
  folHlink: '7C5CE0',
} as const;

/** Fonts for scripts that the first font lacks. */
const SCRIPTS = [
  ['Jpan', 'Yu Gothic'],
  ['Hang', 'Malgun Gothic'],
  ['Hans', 'Microsoft YaHei'],
  ['Hant', 'Microsoft JhengHei'],
  ['Arab', 'Arial'],
  ['Hebr', 'Arial'],
  ['Thai', 'Leelawadee UI'],
  ['Deva', 'Nirmala UI'],
  ['Beng', 'Nirmala UI'],
  ['Taml', 'Nirmala UI'],
] as const;

const colours = Object.entries(COLOURS)
  .map(([name, value]) => `<a:${name}><a:srgbClr val="${value}"/></a:${name}>`)
  .join('');
const fonts = `<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>${SCRIPTS.map(
  ([script, typeface]) => `<a:font script="${script}" typeface="${typeface}"/>`,
).join('')}`;
const fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>';
const line = (width: number): string => `<a:ln w="${width}">${fill}<a:prstDash val="solid"/></a:ln>`;
const effect = '<a:effectStyle><a:effectLst/></a:effectStyle>';

/** What everything takes its colours and fonts from. */
export const THEME_XML =
  `${XML_HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Patchbay"><a:themeElements>` +
  `<a:clrScheme name="Patchbay">${colours}</a:clrScheme>` +
  `<a:fontScheme name="Patchbay"><a:majorFont>${fonts}</a:majorFont><a:minorFont>${fonts}</a:minorFont></a:fontScheme>` +
  `<a:fmtScheme name="Patchbay"><a:fillStyleLst>${fill.repeat(3)}</a:fillStyleLst>` +
  `<a:lnStyleLst>${line(6350)}${line(12_700)}${line(19_050)}</a:lnStyleLst>` +
  `<a:effectStyleLst>${effect.repeat(3)}</a:effectStyleLst><a:bgFillStyleLst>${fill.repeat(3)}</a:bgFillStyleLst></a:fmtScheme>` +
  '</a:themeElements></a:theme>';
