import { BODY_SIZES_PT, HEADER_SIZES_PT, TITLE_SIZES_PT } from '../fit-text.ts';
import { SLIDE } from '../place-slide.ts';
import { COLOURS } from '../pptx/theme.ts';

/** A length on a slide as a share of its width, so that a slide looks the same at every size. */
export const share = (pt: number): string => `${Number(((pt / SLIDE.widthPt) * 100).toFixed(3))}cqw`;

/** The class of a size of text. */
export const sizeClass = (pt: number): string => `s${String(pt).replace('.', '-')}`;

const sizes = [...new Set<number>([...BODY_SIZES_PT, ...TITLE_SIZES_PT, ...HEADER_SIZES_PT])]
  .map((pt) => `.${sizeClass(pt)}{font-size:${share(pt)}}`)
  .join('');

/** How the page looks: slides below one another, one at a time once it can be leafed through, one on each sheet of paper. */
export const STYLE = `
*{box-sizing:border-box;margin:0}
html{background:#0b1020;color:#${COLOURS.dk1};font-family:Calibri,Carlito,"Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif}
main{display:grid;gap:2vmin;justify-content:center;padding:2vmin}
article{width:min(96vw,170vh)}
.slide{container-type:inline-size;position:relative;width:100%;aspect-ratio:16/9;overflow:hidden;background:#${COLOURS.lt1}}
.frame{display:grid;grid-template-rows:auto 1fr;width:100%;height:100%;padding:${share(34)} ${share(60)} ${share(58)}}
h2{display:flex;flex-direction:column;justify-content:end;min-height:${share(72)};line-height:1.1;color:#${COLOURS.dk2};overflow-wrap:anywhere}
h2::after{content:"";width:${share(56)};height:${share(4)};margin-top:${share(7)};background:#${COLOURS.accent1}}
.parts{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);gap:${share(36)};min-height:0;margin-top:${share(20)}}
.parts.pictured{grid-template-columns:repeat(var(--texts),minmax(0,1fr)) ${share(330)}}
.text{line-height:1.25;overflow-wrap:anywhere}
.text>*+*,.text li+li{margin-top:.4em}
ul{padding-inline:1.1em}
li::marker{color:#${COLOURS.accent1}}
img{width:100%;height:100%;min-height:0;object-fit:cover;border-radius:${share(8)}}
.foot{position:absolute;inset-inline:${share(60)};bottom:${share(18)};display:flex;justify-content:space-between;gap:${share(24)};font-size:${share(11)};color:#${COLOURS.accent6}}
.sectionHeader{background:#${COLOURS.dk2}}
.sectionHeader .frame{grid-template-rows:52% 1fr;border-inline-start:${share(8)} solid #${COLOURS.accent1}}
.sectionHeader h2,.sectionHeader .text{color:#${COLOURS.lt1}}
.sectionHeader h2::after{content:none}
.sectionHeader .text{color:#${COLOURS.lt2}}
aside{padding:1em 1.2em;background:#${COLOURS.lt2};font-size:1rem;line-height:1.5}
aside p+p{margin-top:.5em}
aside[hidden]{display:none}
@media screen{
.leafing main{padding:0;gap:0;align-content:center;min-height:100vh}
.leafing article{display:none;width:min(100vw,177.78vh)}
.leafing article.now{display:block}
}
@media print{
@page{size:13.333in 7.5in;margin:0}
html{background:none}
main{display:block;padding:0}
article{width:13.333in;break-after:page;break-inside:avoid}
article:last-child{break-after:auto}
aside{display:none}
.slide{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
${[1, 2].map((count) => `.texts${count}{--texts:${count}}`).join('')}
${sizes}`;
