const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Takes two cells in a terminal: East Asian wide characters, and what is drawn as an emoji. */
const WIDE =
  /\p{Emoji_Presentation}|\u{FE0F}|[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{20000}-\u{3FFFD}]/u;
const INVISIBLE = /^[\p{Format}\p{Mark}]+$/u;
const CONTROLS = /\p{Control}/gu;

/** How many cells of a terminal a text takes; it must not hold escape sequences. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The text in exactly `width` cells: cut with an ellipsis, or filled up on the side that `align` leaves free. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutText(text.replace(CONTROLS, ' '), width);
  const fill = ' '.repeat(width - textWidth(cut));
  return align === 'left' ? cut + fill : fill + cut;
}

/** The text in at most `width` cells. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    cut += segment;
  }
  return width > 0 ? `${cut}…` : '';
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}
