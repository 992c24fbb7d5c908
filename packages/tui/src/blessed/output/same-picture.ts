import type { Picture, Span } from '../../picture/picture.ts';

/** Whether two pictures look the same. */
export function samePicture(a: Picture, b: Picture): boolean {
  if (a === b) return true;
  if (a.rows.length !== b.rows.length || a.cursor?.row !== b.cursor?.row || a.cursor?.column !== b.cursor?.column) return false;
  return a.rows.every((row, index) => sameRow(row, b.rows[index] ?? []));
}

/** Whether two rows look the same. */
export function sameRow(a: readonly Span[], b: readonly Span[]): boolean {
  return a === b || (a.length === b.length && a.every((span, index) => sameSpan(span, b[index])));
}

function sameSpan(a: Span, b: Span | undefined): boolean {
  return a.text === b?.text && a.tone === b.tone && a.bold === b.bold && a.inverse === b.inverse;
}
