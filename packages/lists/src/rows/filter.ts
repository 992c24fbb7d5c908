import { type Hold, type Status, statuses, unreachable } from '@sluice/core/model';
import { matchesName } from '@sluice/core/pattern';
import { limits } from '../limits.ts';
import type { Listed } from './listed.ts';

/** The fields of a row that a filter compares. `hold` is the hold as it is shown. */
export type FilteredRow = Pick<Listed, 'status' | 'route' | 'source' | 'destination'> & { readonly hold: Hold | null } & {
  readonly sizeBytes?: number;
  /** An operator skipped this file. The hold of its route is something else. */
  readonly isSkipped?: boolean;
  readonly isWritten?: boolean;
};

/** What a text of the filter field matches. */
export interface Filter {
  matches(row: FilteredRow): boolean;
  readonly isEmpty: boolean;
  /** Whether the rows have to be matched again when a gate or an operator's hold changes. */
  readonly asksHold: boolean;
  /** Why one of its words can match nothing. Null: every word can match. */
  readonly trouble: string | null;
}

/** What the screen calls a state, and the files that are in it. */
const stateWords: Readonly<Record<string, (row: FilteredRow) => boolean>> = {
  found: ({ status }) => status === 'DISCOVERED',
  growing: ({ status }) => status === 'GROWING' || status === 'GROWING_COPY',
  recording: ({ status, isWritten }) => status === 'GROWING_COPY' || isWritten === true,
  ready: ({ status }) => status === 'READY',
  queued: ({ status }) => status === 'IN_QUEUE',
  waiting: ({ status }) => status === 'WAITING_FOR_NETWORK' || status === 'WAITING_FOR_SPACE',
  copying: ({ status }) => status === 'COPYING' || status === 'GROWING_COPY',
  verify: ({ status }) => status === 'VERIFYING',
  done: ({ status }) => status === 'COMPLETED' || status === 'COMPLETED_DELETE_FAILED',
  failed: ({ status }) => status === 'FAILED',
  removed: ({ status }) => status === 'REMOVED',
  held: ({ hold }) => hold === 'operator',
  skipped: ({ isSkipped }) => isSkipped === true,
  needs_you: ({ hold }) => hold === 'needs_you',
};

/**
 * Parses the text of the filter field. `state:fai`, `route:ing` and `hold:net` match what begins with the value, `size:>1GB`
 * compares bytes, and a glob such as `*.mov` matches a path or a name. Any other word is searched in the names. `"two words"`
 * count as one word, `!` negates a word, and all words must match. Case does not matter, nor how accents are composed.
 */
export function parseFilter(text: string): Filter {
  const words = (text.match(/!?"[^"]*"?|\S+/g) ?? []).slice(0, limits.filterWords).map(wordOf);
  const tests = words.map(({ isNot, test }) => (isNot ? (row: FilteredRow) => !test(row) : test));
  return {
    matches: (row) => tests.every((matches) => matches(row)),
    isEmpty: tests.length === 0,
    asksHold: words.some(({ asksHold }) => asksHold),
    trouble: words.find(({ trouble }) => trouble !== null)?.trouble ?? null,
  };
}

interface Word {
  readonly isNot: boolean;
  readonly test: (row: FilteredRow) => boolean;
  readonly asksHold: boolean;
  readonly trouble: string | null;
}

function wordOf(written: string): Word {
  const isNot = written.length > 1 && written.startsWith('!');
  const word = isNot ? written.slice(1) : written;
  const isQuoted = word.startsWith('"');
  const field = isQuoted ? null : fieldOf(word);
  if (field !== null) return { isNot, ...fieldTest(field) };
  const name = plain(isQuoted ? word.replaceAll('"', '') : word);
  return { isNot, test: !isQuoted && /[*?]/.test(name) ? globTest(name) : nameTest(name), asksHold: false, trouble: null };
}

const fields = ['state', 'route', 'hold', 'size'] as const;

interface Field {
  readonly field: (typeof fields)[number];
  readonly value: string;
}

function fieldTest({ field, value }: Field): Omit<Word, 'isNot'> {
  const all = { test: () => true, asksHold: false, trouble: null };
  if (value === '') return all;
  switch (field) {
    case 'state':
      return stateTest(value.replaceAll('-', '_'));
    case 'route':
      return { ...all, test: (row) => plain(row.route).startsWith(value) };
    case 'hold':
      return { ...all, test: (row) => row.hold?.startsWith(value.replaceAll('-', '_')) === true, asksHold: true };
    case 'size':
      return sizeTest(value);
    default:
      return unreachable(field);
  }
}

/** @returns null for a word that names no field */
function fieldOf(word: string): Field | null {
  const parts = /^([a-z]+):(.*)$/is.exec(word);
  const field = fields.find((each) => each === parts?.[1]?.toLowerCase());
  return field === undefined ? null : { field, value: plain(parts?.[2] ?? '') };
}

function nameTest(expected: string): (row: FilteredRow) => boolean {
  return ({ source, destination }) => plain(source).includes(expected) || (destination !== source && plain(destination).includes(expected));
}

/** A glob without a slash is compared with the name of the file, one with a slash with the whole path. */
function globTest(glob: string): (row: FilteredRow) => boolean {
  const compared = (path: string): string => (glob.includes('/') ? plain(path) : plain(path.slice(path.lastIndexOf('/') + 1)));
  return ({ source, destination }) =>
    matchesName(glob, compared(source)) || (destination !== source && matchesName(glob, compared(destination)));
}

/** Matches the words of the screen and the names that scripts see. */
function stateTest(value: string): Omit<Word, 'isNot'> {
  const named = Object.entries(stateWords).filter(([word]) => word.startsWith(value));
  const isStatus = statuses.some((status) => status.toLowerCase().startsWith(value));
  return {
    test: (row) => named.some(([, test]) => test(row)) || (row.status satisfies Status).toLowerCase().startsWith(value),
    asksHold: named.some(([word]) => word === 'held' || word === 'needs_you'),
    trouble: named.length > 0 || isStatus ? null : `unknown state "${value}"; the states are ${Object.keys(stateWords).join(', ')}`,
  };
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

function sizeTest(value: string): Omit<Word, 'isNot'> {
  const [, sign, figure, unit = ''] = /^([<>])(\d+(?:\.\d+)?)([kmgt]?)b?$/.exec(value) ?? [];
  const bytes = Number(figure) * (factors[unit] ?? 1);
  if (sign === undefined) return { test: () => false, asksHold: false, trouble: `"size:${value}" is not understood, "size:>1GB" is` };
  const test = ({ sizeBytes }: FilteredRow): boolean => sizeBytes !== undefined && (sign === '>' ? sizeBytes > bytes : sizeBytes < bytes);
  return { test, asksHold: false, trouble: null };
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
