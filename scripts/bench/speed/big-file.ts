import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { makeSpeedFolders, type SpeedFolders } from './bench-agent.ts';
import { dropCaches, freshStart, rclone, timed } from './peers.ts';
import { copied } from './small-files.ts';

/** Measures one big file, next to cp and rclone with a verification past the cache. */
export async function measureBigFile(rounds: number): Promise<readonly Figure[]> {
  const gibibytes = count('gib', 4);
  const [peers, sluices, sizePeers, sizes]: [number[], number[], number[], number[]] = [[], [], [], []];
  const byRclone: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const folders = makeSpeedFolders();
    try {
      const [from, to] = [join(folders.source, 'a.dat'), join(folders.root, 'peer.dat')];
      timed('sh', ['-c', `head -c ${gibibytes}G /dev/urandom > ${from}`]);
      await freshStart();
      const copying = timed('cp', [from, to]) + timed('sync', [to]);
      dropCaches();
      peers.push(copying + timed('xxhsum', ['-H64', to]));
      sizePeers.push(copying);
      rmSync(to);
      byRclone.push(...(await verifiedRclone(folders)));
      await freshStart();
      sluices.push((await copied(folders, [])).ms);
      rmSync(folders.destination, { recursive: true });
      rmSync(folders.stateDir, { recursive: true });
      timed('mkdir', [folders.destination]);
      await freshStart();
      sizes.push((await copied(folders, ['--verify', 'size'])).ms);
    } finally {
      folders.remove();
    }
  }
  const name = `one file of ${gibibytes} GiB`;
  const ratio = (of: readonly number[], by: readonly number[]): number[] => of.map((ms, turn) => ms / (by[turn] ?? Number.NaN));
  return [
    { what: `${name}: cp, sync, xxhsum past the cache`, unit: 'ms', goal: null, readings: peers, judged: 'median' },
    { what: `${name}: rclone, sync, xxhsum past the cache`, unit: 'ms', goal: null, readings: byRclone, judged: 'median' },
    { what: `${name}: sluice`, unit: 'ms', goal: null, readings: sluices, judged: 'median' },
    { what: `${name}: sluice, times cp, sync, xxhsum`, unit: 'x', goal: 1.15, readings: ratio(sluices, peers), judged: 'median' },
    { what: `${name}: by size only, times cp, sync`, unit: 'x', goal: 1.1, readings: ratio(sizes, sizePeers), judged: 'median' },
  ];
}

/** @returns milliseconds; empty: rclone is not installed */
async function verifiedRclone({ source, root }: SpeedFolders): Promise<readonly number[]> {
  const to = join(root, 'rclone');
  await freshStart();
  const copying = rclone(source, to);
  if (copying === null) return [];
  const syncing = timed('sync', ['-f', to]);
  dropCaches();
  const ms = copying + syncing + timed('sh', ['-c', 'xxhsum -H64 *'], to);
  rmSync(to, { recursive: true });
  return [ms];
}
