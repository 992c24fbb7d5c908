import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { BenchAgent, makeSpeedFolders, type SpeedFolders } from './bench-agent.ts';
import { bareLoop, dropCaches, rclone, timed } from './peers.ts';
import { momentsIn } from './story.ts';

const sizeBytes = 16_384;
const perFolder = 100;
const threads = 4;

interface Round {
  readonly loop: number;
  readonly rsync: number;
  /** Null: it is not installed. */
  readonly rclone: number | null;
  readonly sluice: number;
  readonly sizeOnly: number;
  readonly processorMs: number;
}

/** Measures many small files, verified, next to the bare calls, and to rsync and rclone with a verification after them. */
export async function measureSmallFiles(rounds: number): Promise<readonly Figure[]> {
  const files = count('files', 20_000);
  const all: Round[] = [];
  for (let turn = 0; turn < rounds; turn += 1) all.push(await round(files));
  const per = (read: (one: Round) => number): number[] => all.map(read);
  const rate = (read: (one: Round) => number | null): number[] => all.flatMap((one) => rateOf(files, read(one)));
  const name = `${files.toLocaleString('en')} x 16 KiB`;
  return [
    { what: `${name}: bare loop, four threads`, unit: '/s', goal: null, readings: rate(({ loop }) => loop), judged: 'median' },
    { what: `${name}: rsync --fsync, xxhsum -c`, unit: '/s', goal: null, readings: rate(({ rsync }) => rsync), judged: 'median' },
    { what: `${name}: rclone, sync, xxhsum -c`, unit: '/s', goal: null, readings: rate((one) => one.rclone), judged: 'median' },
    { what: `${name}: sluice`, unit: '/s', goal: null, readings: rate(({ sluice }) => sluice), judged: 'median' },
    { what: `${name}: sluice, times the loop`, unit: 'x', goal: 1 / 0.6, readings: per((one) => one.sluice / one.loop), judged: 'median' },
    { what: `${name}: sluice, times rsync`, unit: 'x', goal: 1, readings: per((one) => one.sluice / one.rsync), judged: 'median' },
    {
      what: `${name}: by size only, times by readback`,
      unit: 'x',
      goal: 1,
      readings: per((one) => one.sizeOnly / one.sluice),
      judged: 'median',
    },
    { what: `${name}: processor a file`, unit: 'ms', goal: 1, readings: per((one) => one.processorMs / files), judged: 'median' },
  ];
}

function rateOf(files: number, ms: number | null): readonly number[] {
  return ms === null ? [] : [(files * 1_000) / ms];
}

/** Measures each program once. */
async function round(files: number): Promise<Round> {
  const inFolders = async <T>(work: (folders: SpeedFolders, names: readonly string[]) => Promise<T>): Promise<T> => {
    const folders = makeSpeedFolders();
    try {
      return await work(folders, makeFiles(folders, files));
    } finally {
      folders.remove();
    }
  };
  const loop = await inFolders((folders, names) => bareLoop(folders.source, folders.destination, names, threads));
  const sluice = await inFolders((folders) => copied(folders, []));
  const rsync = await inFolders(async (folders) =>
    verified(folders, ({ source, destination }) => timed('rsync', ['-a', '--fsync', `${source}/`, `${destination}/`])),
  );
  const other = await inFolders(async (folders) =>
    verified(folders, ({ source, destination }) => {
      const copying = rclone(source, destination);
      return copying === null ? null : copying + timed('sync', ['-f', destination]);
    }),
  );
  const sizeOnly = await inFolders((folders) => copied(folders, ['--verify', 'size']));
  return { loop, rsync, rclone: other, sluice: sluice.ms, sizeOnly: sizeOnly.ms, processorMs: sluice.processorMs };
}

/** Copies with another program, then compares the copies past the cache with what was to be copied. @returns milliseconds, null as `copy` */
function verified<Took extends number | null>(folders: SpeedFolders, copy: (folders: SpeedFolders) => Took): Took | number {
  const sums = join(folders.root, 'sums');
  timed('sh', ['-c', `find . -type f -exec xxhsum -H64 {} + > ${sums}`], folders.source);
  const copying = copy(folders);
  if (copying === null) return copying;
  dropCaches();
  return copying + timed('xxhsum', ['-c', '--quiet', sums], folders.destination);
}

/** Creates the files of one measurement, and the folders of both sides. @returns the names */
function makeFiles(folders: SpeedFolders, files: number): readonly string[] {
  const names = Array.from({ length: files }, (_, index) => `d${Math.floor(index / perFolder)}/f${index}.dat`);
  const content = Buffer.alloc(sizeBytes);
  for (const [index, name] of names.entries()) {
    if (index % perFolder === 0) for (const root of [folders.source, folders.destination]) mkdirSync(join(root, name.split('/')[0] ?? ''));
    content.writeUInt32LE(index);
    writeFileSync(join(folders.source, name), content);
  }
  timed('sync', []);
  return names;
}

/** Measures from the start of the first copy to the end of the last one. How long a file has to be at rest before is a setting. */
export async function copied(
  folders: SpeedFolders,
  more: readonly string[],
): Promise<{ readonly ms: number; readonly processorMs: number }> {
  const agent = new BenchAgent(folders, ['--until-idle', '--stable-after', '1s', '--scan-every', '1s', ...more]);
  await agent.ended();
  const { first, last } = spanOf(folders.stateDir);
  return { ms: last - first, processorMs: agent.usage().processorMs };
}

function spanOf(stateDir: string): { readonly first: number; readonly last: number } {
  const moments = [...momentsIn(stateDir).values()].filter(({ completed }) => !Number.isNaN(completed));
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { copying, completed } of moments) [first, last] = [Math.min(first, copying), Math.max(last, completed)];
  return { first, last };
}
