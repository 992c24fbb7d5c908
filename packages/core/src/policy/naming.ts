import { limits } from '../model/limits.ts';

/** What a destination name consists of. `folder` ends in `/` or is empty; `extension` begins with `.` or is empty. */
interface NameParts {
  readonly folder: string;
  readonly stem: string;
  readonly extension: string;
}

/** `ext` is the last extension; a leading dot begins a name, not an extension. */
export function splitName(path: string): NameParts {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  const dot = name.lastIndexOf('.');
  const end = dot > 0 ? dot : name.length;
  return { folder: path.slice(0, slash), stem: name.slice(0, end), extension: name.slice(end) };
}

/** Length in UTF-8, as filesystems count. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Cuts at a code point so that the result has at most `bytes` bytes in UTF-8. */
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
 * The n-th other name of a source path: `day1/clip.mxf` → `day1/clip_1.mxf`.
 *
 * @param suffix holds `{n}` once
 * @param nameBytes what the destination allows for one name
 */
export function numberedName(path: string, n: number, suffix: string, nameBytes: number = limits.nameBytes): string {
  const { folder, stem, extension } = splitName(path);
  const number = suffix.replace('{n}', String(n));
  const kept = cutToBytes(stem, nameBytes - utf8Bytes(number + extension));
  // An extension that leaves no room for the stem is cut like one: the name has to fit.
  if (kept === '') return folder + cutToBytes(stem + extension, nameBytes - utf8Bytes(number)) + number;
  return folder + kept + number + extension;
}

/** The hidden file a copy is written to before it gets its name: `.<name>.<id8>.part` next to it. */
export function partName(destination: string, id8: string, nameBytes: number = limits.nameBytes): string {
  const slash = destination.lastIndexOf('/') + 1;
  const tail = `.${id8}.part`;
  return `${destination.slice(0, slash)}.${cutToBytes(destination.slice(slash), nameBytes - 1 - tail.length)}${tail}`;
}

/** The hidden name that a source file gets before it is removed: `.<name>.<id8>.sluice-done` next to it. */
export function doneName(source: string, id8: string): string {
  const slash = source.lastIndexOf('/') + 1;
  const tail = `.${id8}.sluice-done`;
  return `${source.slice(0, slash)}.${cutToBytes(source.slice(slash), limits.nameBytes - 1 - tail.length)}${tail}`;
}

/** What a visible leftover is called under `recovery.leftover = "mark"`: `<name>.failed-<id8>`. */
export function markedName(destination: string, id8: string, nameBytes: number = limits.nameBytes): string {
  const slash = destination.lastIndexOf('/') + 1;
  const tail = `.failed-${id8}`;
  return destination.slice(0, slash) + cutToBytes(destination.slice(slash), nameBytes - tail.length) + tail;
}

/**
 * What a destination that answers `ENAMETOOLONG` allows for one name, judged by the name it refused: a quarter less
 * than that. Two refusals lead from 255 bytes to the 143 of an encrypting filesystem.
 *
 * @param refused the longer of the names that were tried
 */
export function learnNameBytes(refused: string, nameBytes: number): number {
  const bytes = utf8Bytes(refused.slice(refused.lastIndexOf('/') + 1));
  return Math.max(limits.minNameBytes, Math.floor(Math.min(nameBytes, bytes) * 0.75));
}

/** A name at the destination and the `N` in it; 0: the source's own. */
export interface NumberedName {
  readonly destination: string;
  readonly nameNumber: number;
}

/**
 * The first numbered name that is free in every way known here; the destination's own answer to the create is last.
 *
 * @param isTaken claimed by another file of the route, at the source, or burned
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
