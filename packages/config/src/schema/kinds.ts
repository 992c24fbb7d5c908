import * as v from 'valibot';
import { parseDiskAmount, parseDuration, parseSize, suggestUnit } from './units.ts';

/** What a setting holds; the CLI decides by it how an option gets its value. */
export type Kind = 'duration' | 'size' | 'disk' | 'rate' | 'count' | 'flag' | 'choice' | 'text' | 'path' | 'mode' | 'list';

/** A reading of a text: the value, or what would be right. */
type Reading<T> = { readonly value: T } | { readonly wanted: string };

function fromText<T>(kind: Kind, wanted: string, read: (text: string) => Reading<T>) {
  return v.pipe(
    v.string(wanted),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const reading = read(dataset.value);
      if ('value' in reading) return reading.value;
      addIssue({ message: reading.wanted });
      return NEVER;
    }),
    v.metadata({ kind }),
  );
}

const maxMs = 366 * 86_400_000;

/** @param atLeastMs the shortest that makes sense, milliseconds */
export function duration(atLeastMs: number) {
  const wanted = 'expected a duration, such as "500ms", "10s", "5m", "2h"';
  return fromText<number>('duration', wanted, (text) => {
    const ms = parseDuration(text);
    if (ms === null) return { wanted: didYouMean(wanted, suggestUnit(text, 'duration')) };
    if (ms < atLeastMs) return { wanted: `it must be at least "${atLeastMs}ms"` };
    return ms <= maxMs ? { value: ms } : { wanted: 'it must not be longer than "366d"' };
  });
}

/** @param atLeastBytes the smallest that makes sense */
export function size(atLeastBytes: number) {
  const wanted = 'expected a size, such as "512KB", "10MB", "2GB", "1GiB"';
  return fromText<number>('size', wanted, (text) => readSize(text, atLeastBytes, wanted));
}

/** Bytes a second; an empty text means no limit. */
export function rate() {
  const wanted = 'expected a rate, such as "80MB" (a second), or "" for no limit';
  return fromText<number | null>('rate', wanted, (text) => (text === '' ? { value: null } : readSize(text, 1000, wanted)));
}

function readSize(text: string, atLeastBytes: number, wanted: string): Reading<number> {
  const bytes = parseSize(text);
  if (bytes === null) return { wanted: didYouMean(wanted, suggestUnit(text, 'size')) };
  return bytes >= atLeastBytes ? { value: bytes } : { wanted: `it must be at least "${atLeastBytes}B"` };
}

/** A size of a disk: bytes or a share. */
export function diskAmount() {
  const wanted = 'expected a size or a share of the disk, such as "2GB" or "5%"';
  return fromText('disk', wanted, (text) => {
    const amount = parseDiskAmount(text);
    return amount === null ? { wanted: didYouMean(wanted, suggestUnit(text, 'size')) } : { value: amount };
  });
}

function didYouMean(wanted: string, suggestion: string | null): string {
  return suggestion === null ? wanted : `${wanted} (did you mean "${suggestion}"?)`;
}

export function count(least: number, greatest: number) {
  const wanted = `expected a whole number from ${least} to ${greatest}`;
  return v.pipe(
    v.number(wanted),
    v.integer(wanted),
    v.minValue(least, wanted),
    v.maxValue(greatest, wanted),
    v.metadata({ kind: 'count' as const }),
  );
}

export function flag() {
  return v.pipe(v.boolean('expected true or false'), v.metadata({ kind: 'flag' as const }));
}

export function choice<const Options extends readonly string[]>(options: Options) {
  const wanted = `expected one of ${options.map((option) => `"${option}"`).join(', ')}`;
  return v.pipe(v.picklist(options, wanted), v.metadata({ kind: 'choice' as const, choices: options }));
}

/** Any text that `accepts`; an empty one is null where `emptyIsNull`. */
export function text(wanted: string, accepts: (text: string) => boolean) {
  return fromText<string>('text', wanted, (given) => (accepts(given) ? { value: given } : { wanted }));
}

/** A folder, made absolute later; an empty text is null. */
export function folder(wanted: string) {
  return fromText<string | null>('path', wanted, (given) => {
    if (given === '') return { value: null };
    if (given.includes('\0')) return { wanted: 'a path cannot hold a NUL character' };
    if (/^~[/\\]?/.test(given)) return { wanted: '"~" is not expanded here; write the whole path' };
    return { value: given };
  });
}

/** Permission bits of files and of folders, `"0664/0775"`; an empty text is null: the source's. */
export function modes() {
  const wanted = 'expected modes of files and of folders, such as "0664/0775", or "" for the source\'s';
  return fromText('mode', wanted, (given): Reading<{ file: number; folder: number } | null> => {
    if (given === '') return { value: null };
    const match = /^([0-7]{3,4})\/([0-7]{3,4})$/.exec(given);
    if (match === null) return { wanted };
    return { value: { file: Number.parseInt(match[1] ?? '', 8), folder: Number.parseInt(match[2] ?? '', 8) } };
  });
}

/** Texts, each of which `accepts`. */
export function list(wanted: string, least: number, accepts: (text: string) => boolean) {
  return v.pipe(
    v.array(v.pipe(v.string(wanted), v.check(accepts, wanted)), wanted),
    v.minLength(least, wanted),
    v.maxLength(1000, 'at most 1000 entries are allowed'),
    v.metadata({ kind: 'list' as const }),
  );
}
