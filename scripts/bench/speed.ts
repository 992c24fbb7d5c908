import type { Figure } from './figure.ts';
import { count, option } from './options.ts';
import { measureBigFile } from './speed/big-file.ts';
import { measureCommands } from './speed/commands.ts';
import { measureDestinations } from './speed/destinations.ts';
import { measureEightFiles } from './speed/eight-files.ts';
import { measureInMemory } from './speed/in-memory.ts';
import { measureJournal } from './speed/journal.ts';
import { measureCopiedSource, measureLargeSource } from './speed/large-source.ts';
import { assertPeers } from './speed/peers.ts';
import { measureRecorders } from './speed/recorders.ts';
import { measureRecovery } from './speed/recovery.ts';
import { measureSidecars } from './speed/sidecars.ts';
import { measureSmallFiles } from './speed/small-files.ts';

/** Every measurement, by the name for `--rows=NAME,NAME`. */
const rows: Readonly<Record<string, (rounds: number) => Promise<readonly Figure[]>>> = {
  small: measureSmallFiles,
  large: measureLargeSource,
  copied: measureCopiedSource,
  big: measureBigFile,
  tmpfs: measureInMemory,
  sidecars: measureSidecars,
  eight: measureEightFiles,
  destinations: measureDestinations,
  recorders: measureRecorders,
  recovery: measureRecovery,
  journal: measureJournal,
  commands: measureCommands,
};

/**
 * Measures how fast files move and what a large source costs, next to other programs on the same files. Linux only, as root,
 * because caches are dropped.
 */
export async function* benchSpeed(): AsyncGenerator<readonly Figure[]> {
  assertPeers(['cp', 'find', 'rsync', 'xxhsum']);
  const rounds = count('rounds', 5);
  const chosen = option('rows')?.split(',') ?? Object.keys(rows);
  const unknown = chosen.filter((name) => rows[name] === undefined);
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(', ')}; there are: ${Object.keys(rows).join(', ')}`);
  for (const [name, measure] of Object.entries(rows)) if (chosen.includes(name)) yield await measure(rounds);
}
