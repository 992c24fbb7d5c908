import { glyphsOf } from '../glyphs.ts';
import type { Look } from '../picture.ts';

/** `[####......]`. @param share 0 to 1 @param columns with its brackets */
export function gaugeText(share: number, columns: number, look: Look): string {
  const { full, empty } = glyphsOf(look);
  const cells = Math.max(0, columns - 2);
  const done = Math.floor(Math.min(Math.max(share > 0 ? share : 0, 0), 1) * cells);
  return `[${full.repeat(done)}${empty.repeat(cells - done)}]`;
}
