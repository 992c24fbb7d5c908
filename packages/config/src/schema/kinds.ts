import * as v from 'valibot';
import { limits } from '../limits.ts';
import { parseDiskAmount, parseDuration, parseShare, parseSize, suggestUnit } from './units.ts';

/** What a setting holds. The command line decides by it how an option gets its value. */
export type Kind = 'duration' | 'size' | 'disk' | 'rate' | 'share' | 'count' | 'flag' | 'choice' | 'text' | 'path' | 'mode' | 'list';

/** The result of reading a text: the value, or what is expected. */
type Reading<T> = { readonly value: T } | { readonly expected: string };

function fromText<T>(kind: Kind, expected: string, read: (text: string) => Reading<T>) {
  return v.pipe(
    v.string(expected),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const reading = read(dataset.value);
      if ('value' in reading) return reading.value;
      addIssue({ message: reading.expected });
      return NEVER;
    }),
    v.metadata({ kind }),
  );
}

/** A duration, in milliseconds. @param atLeastMs the shortest valid one */
export function duration(atLeastMs: number) {
  const expected = 'expected a duration, such as "500ms", "10s", "5m", "2h"';
  return fromText<number>('duration', expected, (text) => {
    const ms = parseDuration(text);
    if (ms === null) return { expected: didYouMean(expected, suggestUnit(text, 'duration')) };
    if (ms < atLeastMs) return { expected: `it must be at least "${atLeastMs}ms"` };
    return ms <= limits.durationMs ? { value: ms } : { expected: 'it must be at most "366d"' };
  });
}

/** A size, in bytes. @param atLeastBytes the smallest valid one */
export function size(atLeastBytes: number) {
  const expected = 'expected a size, such as "512KB", "10MB", "2GB", "1GiB"';
  return fromText<number>('size', expected, (text) => readSize(text, atLeastBytes, expected));
}

/** A rate in bytes per second. An empty text means no limit. */
export function rate() {
  const expected = 'expected a rate, such as "80MB" per second, or "" for no limit';
  return fromText<number | null>('rate', expected, (text) => (text === '' ? { value: null } : readSize(text, 1000, expected)));
}

function readSize(text: string, atLeastBytes: number, expected: string): Reading<number> {
  const bytes = parseSize(text);
  if (bytes === null) return { expected: didYouMean(expected, suggestUnit(text, 'size')) };
  return bytes >= atLeastBytes ? { value: bytes } : { expected: `it must be at least "${atLeastBytes}B"` };
}

/** A part of a disk: a size in bytes, or a share. */
export function diskAmount() {
  const expected = 'expected a size or a share of the disk, such as "2GB" or "5%"';
  return fromText('disk', expected, (text) => {
    const amount = parseDiskAmount(text);
    return amount === null ? { expected: didYouMean(expected, suggestUnit(text, 'size')) } : { value: amount };
  });
}

/** A part of one processor core, 0 to 1. @param least the smallest valid one */
export function share(least: number) {
  const expected = `expected a share, such as "2%", of at least ${least * 100}%`;
  return fromText('share', expected, (text) => {
    const part = parseShare(text);
    return part === null || part < least ? { expected } : { value: part };
  });
}

function didYouMean(expected: string, suggestion: string | null): string {
  return suggestion === null ? expected : `${expected} (did you mean "${suggestion}"?)`;
}

/** A whole number within these bounds. */
export function count(min: number, greatest: number) {
  const expected = `expected a whole number from ${min} to ${greatest}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(greatest, expected),
    v.metadata({ kind: 'count' as const }),
  );
}

/** A boolean. */
export function flag() {
  return v.pipe(v.boolean('expected true or false'), v.metadata({ kind: 'flag' as const }));
}

/** One of these words. */
export function choice<const Options extends readonly string[]>(options: Options) {
  const expected = `expected one of ${options.map((option) => `"${option}"`).join(', ')}`;
  return v.pipe(v.picklist(options, expected), v.metadata({ kind: 'choice' as const, choices: options }));
}

/** Any text that `accepts` returns true for. */
export function text(expected: string, accepts: (text: string) => boolean) {
  return fromText<string>('text', expected, (given) => (accepts(given) ? { value: given } : { expected }));
}

/** A folder, which is made absolute later. An empty text is null. */
export function folder(expected: string) {
  return fromText<string | null>('path', expected, (given) => {
    if (given === '') return { value: null };
    if (given.includes('\0')) return { expected: 'a path cannot contain a NUL character' };
    if (/^~[/\\]?/.test(given)) return { expected: '"~" is not expanded here; write the absolute path' };
    return { value: given };
  });
}

/** Permission bits of files and folders, `"0664/0775"`. An empty text is null: keep those of the source. */
export function modes() {
  const expected = 'expected the modes of files and folders, such as "0664/0775", or "" to keep those of the source';
  return fromText('mode', expected, (given): Reading<{ file: number; folder: number } | null> => {
    if (given === '') return { value: null };
    const match = /^([0-7]{3,4})\/([0-7]{3,4})$/.exec(given);
    if (match === null) return { expected };
    return { value: { file: Number.parseInt(match[1] ?? '', 8), folder: Number.parseInt(match[2] ?? '', 8) } };
  });
}
