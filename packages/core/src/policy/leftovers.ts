import type { KeptBecause, Leftover } from '../model/copy.ts';
import type { CompletedFile, TrackedFile } from '../model/file.ts';

// The leftovers of failed growing copies: visible partial files. A file has the leftovers of its whole lineage.

type Leaving = Pick<TrackedFile, 'leftovers'>;

/** Adds the leftover of a failed attempt to those of earlier attempts. */
export function addLeftover({ leftovers = [] }: Leaving, leftover: Leftover): Leaving {
  return { leftovers: [...leftovers.filter(({ name }) => name !== leftover.name), leftover] };
}

/** Returns the leftovers after a complete copy was made: it replaces those of the earlier attempts. */
export function replacedBy(file: Pick<CompletedFile, 'id' | 'destination'> & Leaving, sizeBytes: number): Leaving {
  const { id, destination } = file;
  return eachLeftover(file, (leftover) => (isOpen(leftover) ? { ...leftover, replacement: { id, destination, sizeBytes } } : leftover));
}

/** Marks the leftovers after the source has gone: a later complete copy of the same path is of another file. */
export function withLast<Of extends Leaving>(file: Of): Of {
  return { ...file, ...eachLeftover(file, (leftover) => (isOpen(leftover) ? { ...leftover, isLast: true } : leftover)) };
}

/** Returns whether the leftover was not replaced and still may be. */
function isOpen({ replacement, isLast }: Leftover): boolean {
  return replacement === undefined && isLast !== true;
}

/** Returns the leftovers after one was renamed to its marked name. */
export function renamedLeftovers(file: Leaving, from: string, to: string): Leaving {
  return eachLeftover(file, (leftover) => (leftover.name === from ? { ...leftover, name: to } : leftover));
}

/** Changes each leftover of a file. */
export function eachLeftover({ leftovers }: Leaving, change: (leftover: Leftover) => Leftover): Leaving {
  return leftovers === undefined ? {} : { leftovers: leftovers.map(change) };
}

/** Returns the reason why a leftover has to stay according to the journal alone. Null: the destination decides. */
export function keptByJournal({ inode, replacement, name }: Leftover): KeptBecause | null {
  if (replacement === undefined || replacement.destination === name) return 'not_replaced';
  return inode === undefined ? 'not_known_as_ours' : null;
}
