import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { stderr } from 'node:process';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { makeSpeedFolders, type SpeedFolders } from './bench-agent.ts';
import { rclone, timed } from './peers.ts';
import { copied } from './small-files.ts';

const folder = '/dev/shm';

/**
 * Measures one big file from memory to memory (tmpfs), next to other programs: no disk limits them, so that only their own work is
 * compared. The journal of Sluice is on the disk.
 */
export async function measureInMemory(rounds: number): Promise<readonly Figure[]> {
  const gibibytes = count('gib', 4);
  const readings = { cp: [] as number[], rclone: [] as number[], rsync: [] as number[], sluice: [] as number[], processor: [] as number[] };
  const isRoom = hasRoom(gibibytes);
  if (!isRoom) stderr.write(`tmpfs is not measured: ${folder} has no room for two files of ${gibibytes} GiB (--gib=N for smaller ones)\n`);
  for (let turn = 0; isRoom && turn < rounds; turn += 1) {
    const memory = makeSpeedFolders(folder);
    const disk = makeSpeedFolders();
    try {
      const from = join(memory.source, 'a.dat');
      timed('sh', ['-c', `head -c ${gibibytes}G /dev/urandom > ${from}`]);
      readings.cp.push(timed('cp', [from, join(memory.destination, 'a.dat')]) + timed('xxhsum', ['-H64', from]) + hashed(memory));
      empty(memory);
      const byRclone = rclone(memory.source, memory.destination);
      if (byRclone !== null) readings.rclone.push(byRclone);
      empty(memory);
      readings.rsync.push(timed('rsync', ['-a', '--whole-file', `${memory.source}/`, `${memory.destination}/`]));
      empty(memory);
      const { ms, processorMs } = await copied({ ...memory, stateDir: disk.stateDir }, []);
      readings.sluice.push(ms);
      readings.processor.push(processorMs / gibibytes);
    } finally {
      memory.remove();
      disk.remove();
    }
  }
  const name = `tmpfs, one file of ${gibibytes} GiB`;
  const times = (of: readonly number[]): number[] => readings.sluice.map((ms, turn) => ms / (of[turn] ?? Number.NaN));
  return [
    { what: `${name}: cp, xxhsum of both`, unit: 'ms', goal: null, readings: readings.cp, judged: 'median' },
    { what: `${name}: rclone copy`, unit: 'ms', goal: null, readings: readings.rclone, judged: 'median' },
    { what: `${name}: rsync --whole-file`, unit: 'ms', goal: null, readings: readings.rsync, judged: 'median' },
    { what: `${name}: sluice, read back`, unit: 'ms', goal: null, readings: readings.sluice, judged: 'median' },
    { what: `${name}: sluice, times cp, xxhsum of both`, unit: 'x', goal: 1, readings: times(readings.cp), judged: 'median' },
    { what: `${name}: sluice, times rsync`, unit: 'x', goal: null, readings: times(readings.rsync), judged: 'median' },
    { what: `${name}: processor of sluice for each GiB`, unit: 'ms', goal: null, readings: readings.processor, judged: 'median' },
  ];
}

function hasRoom(gibibytes: number): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > (2 * gibibytes + 0.5) * 2 ** 30;
}

function hashed({ destination }: SpeedFolders): number {
  return timed('xxhsum', ['-H64', join(destination, 'a.dat')]);
}

function empty({ destination }: SpeedFolders): void {
  rmSync(destination, { recursive: true });
  mkdirSync(destination);
}
