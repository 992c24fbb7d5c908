import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { makeSpeedFolders } from './bench-agent.ts';
import { dropCaches, freshStart, timed } from './peers.ts';
import { copied } from './small-files.ts';

const files = 8;

/** Measures eight big files at once, next to eight simultaneous `cp` with a sync and a verification past the cache. */
export async function measureEightFiles(rounds: number): Promise<readonly Figure[]> {
  const mebibytes = count('eight', 1_024);
  const [peers, sluices]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds; turn += 1) {
    const folders = makeSpeedFolders();
    try {
      const peer = join(folders.root, 'peer');
      timed('mkdir', [peer]);
      for (let file = 0; file < files; file += 1)
        timed('sh', ['-c', `head -c ${mebibytes}M /dev/urandom > ${join(folders.source, `${file}.dat`)}`]);
      await freshStart();
      const copying = timed('sh', ['-c', `for file in *; do cp "$file" '${peer}' & done; wait; sync -f '${peer}'`], folders.source);
      dropCaches();
      peers.push(copying + timed('sh', ['-c', 'xxhsum -H64 *'], peer));
      timed('rm', ['-r', peer]);
      await freshStart();
      sluices.push((await copied(folders, ['--lanes', String(files)])).ms);
    } finally {
      folders.remove();
    }
  }
  const name = `${files} x ${mebibytes} MiB at once`;
  const times = sluices.map((ms, turn) => ms / (peers[turn] ?? Number.NaN));
  return [
    { what: `${name}: cp in parallel, sync, xxhsum past the cache`, unit: 'ms', goal: null, readings: peers, judged: 'median' },
    { what: `${name}: sluice`, unit: 'ms', goal: null, readings: sluices, judged: 'median' },
    { what: `${name}: sluice, times cp, sync, xxhsum`, unit: 'x', goal: 1 / 0.9, readings: times, judged: 'median' },
  ];
}
