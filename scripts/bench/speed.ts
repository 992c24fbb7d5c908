import type { Figure } from './figure.ts';
import { count } from './speed/bench-agent.ts';
import { measureBigFile } from './speed/big-file.ts';
import { measureLargeSource } from './speed/large-source.ts';
import { assertPeers } from './speed/peers.ts';
import { measureSmallFiles } from './speed/small-files.ts';

/** How fast files move and how much a large source costs, next to other programs on the same files. Linux, as root: caches are dropped. */
export async function* benchSpeed(): AsyncGenerator<readonly Figure[]> {
  assertPeers(['cp', 'find', 'rsync', 'xxhsum']);
  const rounds = count('rounds', 5);
  yield await measureSmallFiles(rounds);
  yield await measureLargeSource(rounds);
  yield await measureBigFile(rounds);
}
