import type { KeptBecause, Leftover } from '../model/copy.ts';
import type { CompletedFile, TrackedFile } from '../model/file.ts';

// What is known of the partial files that failed growing copies left. A file has the leftovers of its whole lineage.

type Leaving = Pick<TrackedFile, 'leftovers'>;

/** Adds what a failed attempt left to what earlier ones did. */
export function addLeftover({ leftovers = [] }: Leaving, leftover: Leftover): Leaving {
  return { leftovers: [...leftovers.filter(({ name }) => name !== leftover.name), leftover] };
}

/** A complete copy was made: it replaces what the attempts before it left. */
export function replacedBy(file: Pick<CompletedFile, 'id' | 'destination'> & Leaving, sizeBytes: number): Leaving {
  const { id, destination } = file;
  return eachLeftover(file, (leftover) => (isOpen(leftover) ? { ...leftover, replacement: { id, destination, sizeBytes } } : leftover));
}

/** The source is gone: a complete copy that is made of the same path later is of another file. */
export function withLast<Of extends Leaving>(file: Of): Of {
  return { ...file, ...eachLeftover(file, (leftover) => (isOpen(leftover) ? { ...leftover, isLast: true } : leftover)) };
}

/** Nothing replaced it yet, and something may. */
function isOpen({ replacement, isLast }: Leftover): boolean {
  return replacement === undefined && isLast !== true;
}

/** What the lineage of an earlier file left goes on with the next file of its path. */
export function leftoversOf(before: TrackedFile | null): Leaving {
  return before?.leftovers === undefined ? {} : { leftovers: before.leftovers };
}

/** A leftover got the name that marks it as one. */
export function renamedLeftovers(file: Leaving, from: string, to: string): Leaving {
  return eachLeftover(file, (leftover) => (leftover.name === from ? { ...leftover, name: to } : leftover));
}

/** Changes each leftover of a file. */
export function eachLeftover({ leftovers }: Leaving, change: (leftover: Leftover) => Leftover): Leaving {
  return leftovers === undefined ? {} : { leftovers: leftovers.map(change) };
}

/** Returns why the journal alone says that a leftover has to stay; null: the destination decides. */
export function keptByJournal({ inode, replacement, name }: Leftover): KeptBecause | null {
  if (replacement === undefined || replacement.destination === name) return 'not_replaced';
  return inode === undefined ? 'not_known_as_ours' : null;
}
