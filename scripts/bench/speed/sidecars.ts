import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { BenchAgent, makeSpeedFolders, untilRoute } from './bench-agent.ts';
import { freshStart, timed } from './peers.ts';
import { type Moments, momentsIn } from './story.ts';

const bigFiles = 4;
const sidecarBytes = 4_096;

/**
 * Measures small files that arrive while big ones are copied: how long they wait, and what they cost the big ones. They arrive evenly
 * over the time that the big ones took alone the last time, or over `--arrive` milliseconds. Which of the two runs of a round is first
 * alternates, because a disk may be slower the second time.
 */
export async function measureSidecars(rounds: number): Promise<readonly Figure[]> {
  const sidecars = count('sidecars', 2_000);
  const mebibytes = count('big', 2_048);
  const [waits, losses]: [number[], number[]] = [[], []];
  const runAlone = (): Promise<Copied> => copyBig(mebibytes, { files: 0, overMs: 0 });
  let alone: Copied | null = null;
  for (let turn = 0; turn < rounds; turn += 1) {
    if (alone === null || turn % 2 === 0) alone = await runAlone();
    const nextTo = await copyBig(mebibytes, { files: sidecars, overMs: count('arrive', spanOf(alone.big)) });
    if (turn % 2 === 1) alone = await runAlone();
    waits.push(Math.max(...nextTo.small.map(({ ready, completed }) => completed - ready)));
    losses.push((spanOf(nextTo.big) / spanOf(alone.big) - 1) * 100);
  }
  const name = `${sidecars.toLocaleString('en')} x 4 KiB next to ${bigFiles} x ${mebibytes} MiB`;
  return [
    { what: `${name}: the longest wait from READY to COMPLETED`, unit: 'ms', goal: 2_000, readings: waits, judged: 'median' },
    { what: `${name}: what the big ones lose`, unit: '%', goal: 10, readings: losses, judged: 'median' },
  ];
}

interface Arrivals {
  readonly files: number;
  readonly overMs: number;
}

interface Copied {
  readonly big: readonly Moments[];
  readonly small: readonly Moments[];
}

async function copyBig(mebibytes: number, { files, overMs }: Arrivals): Promise<Copied> {
  const folders = makeSpeedFolders();
  try {
    for (let file = 0; file < bigFiles; file += 1)
      timed('sh', ['-c', `head -c ${mebibytes}M /dev/urandom > ${join(folders.source, `big${file}.dat`)}`]);
    await freshStart();
    const agent = new BenchAgent(folders, ['--until-idle', '--stable-after', '1s', '--scan-every', '1s']);
    const client = await agent.client();
    await untilRoute(client, 'one is being copied', ({ counts }) => counts.COPYING > 0);
    client.close();
    const began = performance.now();
    for (let file = 0; file < files; file += 1) {
      // Like a camera, it writes under another name first.
      const path = join(folders.source, `side${file}.xml`);
      writeFileSync(`${path}.tmp`, Buffer.alloc(sidecarBytes, file));
      renameSync(`${path}.tmp`, path);
      await sleep(Math.max(0, began + ((file + 1) * overMs) / files - performance.now()));
    }
    await agent.ended();
    const moments = [...momentsIn(folders.stateDir)];
    const of = (kind: string): Moments[] => moments.flatMap(([source, each]) => (source.startsWith(kind) ? [each] : []));
    return { big: of('big'), small: of('side') };
  } finally {
    folders.remove();
  }
}

function spanOf(moments: readonly Moments[]): number {
  return Math.max(...moments.map(({ completed }) => completed)) - Math.min(...moments.map(({ copying }) => copying));
}
