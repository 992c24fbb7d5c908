import fc from 'fast-check';

const halves = 0x800;
const characterOf = (index: number): string => String.fromCodePoint(index < 0xd800 ? index : index + halves);

/** @throws where it is not one whole character */
function indexOf(character: unknown): number {
  const point = String(character).codePointAt(0) ?? 0;
  const index = point < 0xd800 ? point : point - halves;
  if (characterOf(index) !== character) throw new Error('not a character');
  return index;
}

/**
 * Any character but half a surrogate pair, as the unit `binary` of fast-check gives. That one first fills a table of all of them,
 * which takes each process two seconds.
 */
export const anyCharacter = fc.integer({ min: 0, max: 0x10ffff - halves }).map(characterOf, indexOf);
