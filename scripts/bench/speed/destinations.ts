import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFaultMount, whyNoFaultMount } from '../../../tests/bed/fault-mount.ts';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { BenchAgent, makeSpeedFolders, type SpeedFolders } from './bench-agent.ts';
import { timed } from './peers.ts';
import { recordsIn } from './story.ts';

/** One round: a source with a number of destinations. */
interface Round {
  /** Bytes read of the source, as a multiple of the file size. */
  readonly read: number;
  /** Time from the start of the first copy to the end of the last one. */
  readonly ms: number;
  readonly processorMs: number;
}

const most = 3;
/** Delay of each call, which reads at most 1 MiB: about 200 MB/s, like a fast share. */
const readDelayMs = 4;

/**
 * Measures how much is read of the source of one big file that one, two and three routes copy: from a disk, the bytes that the
 * page cache does not have; and from a slow filesystem without a page cache, the bytes that it serves.
 */
export async function measureDestinations(rounds: number): Promise<readonly Figure[]> {
  const mebibytes = count('shared', 1_024);
  const figures: Figure[] = [];
  // The first start reads the program itself from the disk.
  await fromDisk(1, most);
  for (let routes = 1; routes <= most; routes += 1) {
    const disk: Round[] = [];
    const uncached: Round[] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      disk.push(await fromDisk(mebibytes, routes));
      if (whyNoFaultMount() === null) uncached.push(await fromUncached(mebibytes, routes));
    }
    figures.push(
      ...figuresOf(`a disk, ${routes} of ${mebibytes} MiB`, disk),
      ...figuresOf(`a share, ${routes} of ${mebibytes} MiB`, uncached),
    );
  }
  return figures;
}

function figuresOf(name: string, rounds: readonly Round[]): readonly Figure[] {
  const readings = (read: (round: Round) => number): number[] => rounds.map(read);
  return [
    { what: `${name}: read of the source`, unit: 'x', goal: 1.05, readings: readings(({ read }) => read), judged: 'median' },
    { what: `${name}: time`, unit: 'ms', goal: null, readings: readings(({ ms }) => ms), judged: 'median' },
    { what: `${name}: processor`, unit: 'ms', goal: null, readings: readings(({ processorMs }) => processorMs), judged: 'median' },
  ];
}

async function fromDisk(mebibytes: number, routes: number): Promise<Round> {
  const folders = makeSpeedFolders();
  try {
    const path = join(folders.source, 'a.dat');
    makeFile(path, mebibytes);
    timed('sync', []);
    // Only the file is dropped from the cache, so that the program is not read from the disk again.
    timed('sh', ['-c', `dd if='${path}' iflag=nocache count=0`]);
    const { usage, ms } = await copied(folders, folders.source, routes);
    return { read: usage.diskBytes / (mebibytes * 1_048_576), ms, processorMs: usage.processorMs };
  } finally {
    folders.remove();
  }
}

async function fromUncached(mebibytes: number, routes: number): Promise<Round> {
  const folders = makeSpeedFolders();
  const mount = await makeFaultMount();
  try {
    makeFile(join(mount.backing, 'a.dat'), mebibytes);
    await mount.uncached();
    await mount.delay('read', readDelayMs);
    const { usage, ms } = await copied(folders, mount.path, routes);
    return { read: (await mount.readBytes()) / (mebibytes * 1_048_576), ms, processorMs: usage.processorMs };
  } finally {
    await mount.remove();
    folders.remove();
  }
}

function makeFile(path: string, mebibytes: number): void {
  timed('sh', ['-c', `head -c ${mebibytes}M /dev/urandom > '${path}'`]);
}

/** Verified by size only: a readback would count as read from the disk, too. */
async function copied(folders: SpeedFolders, source: string, routes: number) {
  const config = join(folders.root, 'sluice.toml');
  const tables = Array.from({ length: routes }, (_, n) => {
    const destination = join(folders.root, `d${n}`);
    mkdirSync(destination);
    const waits = 'stable_after = "1s"\nscan_every = "1s"\nverify = "size"\n[route.space]\nkeep_free = "1MB"';
    return `[[route]]\nname = "r${n}"\nsource = "${source}"\ndestination = "${destination}"\n${waits}\n`;
  });
  writeFileSync(config, tables.join('\n'));
  const agent = new BenchAgent({ ...folders, source, config }, ['--until-idle']);
  await agent.ended();
  const moved = recordsIn(folders.stateDir).filter((record) => record.kind === 'transition');
  const begun = moved.find(({ to }) => to === 'COPYING');
  const done = moved.findLast(({ to }) => to === 'COMPLETED');
  return { usage: agent.usage(), ms: (done?.at ?? Number.NaN) - (begun?.at ?? Number.NaN) };
}
