import { type Hold, type Status, unreachable } from '@sluice/core/model';
import type { Listed } from './listed.ts';

/** The fields of a row that a filter compares; `hold` as it is shown. */
export type FilteredRow = Pick<Listed, 'status' | 'route' | 'source' | 'destination'> & { readonly hold: Hold | null };

export interface Filter {
  matches(row: FilteredRow): boolean;
  readonly isEmpty: boolean;
  /** Whether rows have to be matched again when a gate or an operator's hold changes. */
  readonly asksHold: boolean;
}

/** What people say instead of a state's name. */
const otherWords: Readonly<Record<string, string>> = { done: 'completed', recording: 'growing_copy', queue: 'in_queue' };

/** Words of one filter; further ones are left out. */
const maxWords = 16;

/**
 * `state:fai`, `route:ing` and `hold:net` by how the word begins, anything else is searched in the names; all of them must
 * hold. Blind to case, and to how accents are composed.
 */
export function parseFilter(text: string): Filter {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const tests = words.slice(0, maxWords).map(testOf);
  return {
    matches: (row) => tests.every((matches) => matches(row)),
    isEmpty: tests.length === 0,
    asksHold: words.some((word) => fieldOf(word)?.field === 'hold'),
  };
}

function testOf(word: string): (row: FilteredRow) => boolean {
  const field = fieldOf(word);
  if (field === null) return nameTest(plain(word));
  if (field.value === '') return () => true;
  switch (field.field) {
    case 'state':
      return stateTest(field.value);
    case 'route':
      return (row) => plain(row.route).startsWith(field.value);
    case 'hold':
      return (row) => row.hold?.startsWith(field.value.replaceAll('-', '_')) === true;
    default:
      return unreachable(field.field);
  }
}

const fields = ['state', 'route', 'hold'] as const;

/** @returns null for a word that names no field */
function fieldOf(word: string): { readonly field: (typeof fields)[number]; readonly value: string } | null {
  const parts = /^([a-z]+):(.*)$/is.exec(word);
  const field = fields.find((each) => each === parts?.[1]?.toLowerCase());
  return field === undefined ? null : { field, value: plain(parts?.[2] ?? '') };
}

function nameTest(expected: string): (row: FilteredRow) => boolean {
  return ({ source, destination }) => plain(source).includes(expected) || (destination !== source && plain(destination).includes(expected));
}

function stateTest(value: string): (row: FilteredRow) => boolean {
  const word = value.replaceAll('-', '_');
  const expected = (otherWords[word] ?? word).toUpperCase();
  return ({ status }) => (status satisfies Status).startsWith(expected);
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
