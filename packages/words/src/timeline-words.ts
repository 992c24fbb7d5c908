import type { TimelineJson } from '@sluice/control';
import { sizeText } from '@sluice/core';

type Entry = Pick<TimelineJson, 'event' | 'detail'>;

/** What is said of one field of what the journal keeps; null: nothing that a person could use. */
type Saying = (value: unknown, event: string) => string | null;

const mostFields = 8;
const longestValue = 200;

/** `copied: 48.2 GB, hash 0f3c51d2a7b81e90`: what happened, and what is known of it, in words. */
export function timelineWords({ event, detail }: Entry): string {
  const fields = Object.entries(detail)
    .filter(([, value]) => value !== undefined)
    .slice(0, mostFields);
  const said = fields.flatMap(([name, value]) => sayField(name, value, event) ?? []).filter((text) => text !== '');
  return said.length === 0 ? happened(event) : `${happened(event)}: ${said.join(', ')}`;
}

/** A failure is journaled by its kind. */
function happened(event: string): string {
  return event.replaceAll('_', ' ');
}

function sayField(name: string, value: unknown, event: string): string | null {
  const saying = Object.hasOwn(sayings, name) ? sayings[name] : undefined;
  if (saying !== undefined) return saying(value, event);
  return value === null ? null : `${wordsOf(name)} ${plain(value)}`;
}

const named =
  (word: string): Saying =>
  (value) =>
    value === null || value === '' ? null : `${word} ${plain(value)}`.trimStart();
const listed =
  (word: string): Saying =>
  (value) =>
    Array.isArray(value) && value.length > 0 ? `${word} ${plain(value)}`.trimStart() : null;
const unsaid: Saying = () => null;

/** How a device and an inode, or a time in nanoseconds, are called helps nobody. */
const sayings: Readonly<Record<string, Saying>> = {
  identity: unsaid,
  mtimeNs: unsaid,
  part: (value) => (value === null ? 'under its own name' : `hidden, as ${plain(value)}`),
  compare: (value) => (value === true ? 'what bears its name is read first' : null),
  bytes: (value) => (typeof value === 'number' ? sizeText(value) : null),
  sizeBytes: (value) => (typeof value === 'number' ? sizeText(value) : null),
  hash: named('hash'),
  as: named('as'),
  readback: readbackWords,
  notes: listed(''),
  taken: (value) => `${plain(value)} is not free`,
  from: named('from'),
  to: named('to'),
  after: (value) => `after attempt ${id8(value)}`,
  by: (value, event) => (event === 'found again' ? `as attempt ${id8(value)}` : `by ${plain(value)}`),
  reason: (value) => (value === null || value === '' ? null : `"${plain(value)}"`),
  why: named('because'),
  code: named('code'),
  removed: listed('gone:'),
  kept: listed('still there:'),
};

function readbackWords(value: unknown): string | null {
  switch (value) {
    case 'direct':
      return 'read back past the cache';
    case 'cached':
      return 'read back (cache only)';
    case 'size':
      return 'only its size was compared';
    default:
      return null;
  }
}

function id8(value: unknown): string {
  return plain(value).slice(0, 8);
}

/** `leftVisible`: left visible. */
function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z_]+/g, (letters) => ` ${letters.replaceAll('_', '').toLowerCase()}`).trim();
}

/** Anything that JSON can hold, without its signs. */
function plain(value: unknown): string {
  return spelled(value).slice(0, longestValue);
}

function spelled(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(spelled).join(' and ');
  if (typeof value !== 'object') return String(value as string | number);
  return Object.entries(value)
    .map(([name, each]) => `${wordsOf(name)} ${spelled(each)}`)
    .join(', ');
}
