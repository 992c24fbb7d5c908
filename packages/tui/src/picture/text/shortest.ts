import type { Look } from '../picture.ts';
import { safeText } from './safe-text.ts';

/** The first of these that fits; none does: the last. */
export function firstFitting(texts: readonly string[], columns: number, look: Look): string {
  return texts.find((text) => safeText(text, look.unicode).width <= columns) ?? texts.at(-1) ?? '';
}
