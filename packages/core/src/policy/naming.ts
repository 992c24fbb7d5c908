import { limits } from '../model/limits.ts';

/** The parts of a destination name. `folder` ends in `/` or is empty; `extension` begins with `.` or is empty. */
interface NameParts {
  readonly folder: string;
  readonly stem: string;
  readonly extension: string;
}

/** Splits a path. The extension is the last one; a name that begins with a dot has no extension there. */
export function splitName(path: string): NameParts {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  const dot = name.lastIndexOf('.');
  const end = dot > 0 ? dot : name.length;
  return { folder: path.slice(0, slash), stem: name.slice(0, end), extension: name.slice(end) };
}

/** Returns the length in UTF-8, as filesystems count it. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Cuts a text at a code point so that it has at most `bytes` bytes in UTF-8. */
export function cutToBytes(text: string, bytes: number): string {
  let kept = '';
  let room = bytes;
  for (const character of text) {
    room -= utf8Bytes(character);
    if (room < 0) break;
    kept += character;
  }
  return kept;
}

/**
 * Returns the n-th alternative name of a source path: `day1/clip.mxf` → `day1/clip_1.mxf`.
 *
 * @param suffix holds `{n}` once
 * @param nameBytes the longest name that the destination accepts
 */
export function numberedName(path: string, n: number, suffix: string, nameBytes: number = limits.nameBytes): string {
  const { folder, stem, extension } = splitName(path);
  const number = suffix.replace('{n}', String(n));
  const kept = cutToBytes(stem, nameBytes - utf8Bytes(number + extension));
  // If the extension leaves no room for the stem, both are cut together, so that the name fits.
  if (kept === '') return folder + cutToBytes(stem + extension, nameBytes - utf8Bytes(number)) + number;
  return folder + kept + number + extension;
}

/** Returns the name of the hidden temporary file of a copy: `.<name>.<id8>.part` in the same folder. */
export function partName(destination: string, id8: string, nameBytes: number = limits.nameBytes): string {
  const slash = destination.lastIndexOf('/') + 1;
  const tail = `.${id8}.part`;
  return `${destination.slice(0, slash)}.${cutToBytes(destination.slice(slash), nameBytes - 1 - tail.length)}${tail}`;
}

/**
 * The hidden name that a source file gets before it is removed: `.<name>.<id8>.sluice-done` next to it.
 *
 * @param mark of a further renaming, 8 hexadecimal digits that no other one has: `.<name>.<mark>.<id8>.sluice-done`. An earlier rename
 *   may hang and be made later, when another file has the path. It must not replace the file that is hidden then.
 */
export function doneName(source: string, id8: string, mark: string | null = null): string {
  const slash = source.lastIndexOf('/') + 1;
  const tail = `${mark === null ? '' : `.${mark}`}.${id8}.sluice-done`;
  return `${source.slice(0, slash)}.${cutToBytes(source.slice(slash), limits.nameBytes - 1 - tail.length)}${tail}`;
}

/** Returns whether a hidden name was made for this source file, at any time. */
export function isDoneName(name: string, source: string, id8: string): boolean {
  const [, mark = null] = /\.([0-9a-f]{8})\.[0-9a-f]{8}\.sluice-done$/.exec(name) ?? [];
  return name === doneName(source, id8) || name === doneName(source, id8, mark);
}

/** Returns the name of a visible leftover under `recovery.leftover = "mark"`: `<name>.failed-<id8>`. */
export function markedName(destination: string, id8: string, nameBytes: number = limits.nameBytes): string {
  const slash = destination.lastIndexOf('/') + 1;
  const tail = `.failed-${id8}`;
  return destination.slice(0, slash) + cutToBytes(destination.slice(slash), nameBytes - tail.length) + tail;
}

/**
 * Returns how long a name may be at a destination that answered `ENAMETOOLONG`: a quarter less than the refused name. Two
 * refusals lead from 255 bytes to the 143 of an encrypting filesystem.
 *
 * @param refused the longer of the names that were tried
 */
export function learnNameBytes(refused: string, nameBytes: number): number {
  const bytes = utf8Bytes(refused.slice(refused.lastIndexOf('/') + 1));
  return Math.max(limits.minNameBytes, Math.floor(Math.min(nameBytes, bytes) * 0.75));
}

/** A name at the destination, and its number. 0 is the source's own name. */
export interface NumberedName {
  readonly destination: string;
  readonly nameNumber: number;
}

/**
 * Returns the first numbered name that is free as far as core knows. The destination decides when the name is created.
 *
 * @param isTaken whether a name is claimed by another file of the route, is at the source, or is burned
 * @param from the smallest number to try
 */
export function freeName(
  source: string,
  suffix: string,
  isTaken: (name: string) => boolean,
  from: number,
  nameBytes: number = limits.nameBytes,
): NumberedName {
  for (let n = from; ; n += 1) {
    const destination = numberedName(source, n, suffix, nameBytes);
    if (!isTaken(destination)) return { destination, nameNumber: n };
  }
}
