import { join } from 'node:path';
import type { FileJson } from '@sluice/agent';
import { say } from '../output.ts';
import { table } from '../text/columns.ts';
import { sizeText } from '../text/size.ts';
import { type Compared, compare, judge, lastToldFiles, type Promised, type Seen } from './proof.ts';
import { drop, record } from './recorder.ts';
import { type Stage, setStage } from './stage.ts';

const startWithinMs = 15_000;
const outageMs = 3_000;
const carriedWithinMs = 45_000;

/**
 * The main job on an embedded stage: three recorders of which one grows, an outage in the middle of a copy, the
 * recovery.
 *
 * @returns whether every byte arrived and every promise held
 */
export async function runDemo({ seconds }: { readonly seconds: string }): Promise<boolean> {
  const stage = await setStage();
  try {
    return await play(stage, Math.min(Math.max(Number(seconds) || 8, 4), 600));
  } finally {
    await stage.clearAway();
  }
}

async function play(stage: Stage, seconds: number): Promise<boolean> {
  say(`three recorders write into ${stage.source}`);
  await drop(join(stage.source, 'cam-a.mov'), 150_000_000);
  await drop(join(stage.source, 'cam-b.wav'), 5_000_000);
  const growing = record(join(stage.source, 'cam-c.mxf'), 4_000_000, seconds);
  const seen = await breakAndMend(stage);
  await growing.done;
  const exitCode = await within(stage.ended, carriedWithinMs);
  const files = lastToldFiles(stage.notes);
  const compared = await compare(stage, files);
  const promises = await judge(stage, files, compared, { ...seen, exitCode: exitCode ?? -1 });
  for (const line of fileTable(stage, files, compared)) say(line);
  for (const line of promiseTable(promises)) say(line);
  return promises.every(({ isHeld }) => isHeld);
}

/** The storage goes away in the middle of the copies, and comes back. */
async function breakAndMend(stage: Stage): Promise<Omit<Seen, 'exitCode'>> {
  await stage.until(async () => (await running(stage)).length >= 2, startWithinMs);
  say(`the storage goes away while ${(await running(stage)).map(({ source, percent }) => `${source} is at ${percent}%`).join(' and ')}`);
  await stage.breakStorage();
  const brokenAt = performance.now();
  const hasFailed = await stage.until(() => count(stage, 'FAILED') > 0, 10_000);
  const failedAfterMs = hasFailed ? performance.now() - brokenAt : null;
  await stage.until(() => false, outageMs);
  const waiting = (await stage.files()).filter(({ status, hold }) => status === 'READY' && hold === 'network');
  say(`${waiting.map(({ source, destination }) => `${source} waits to be carried as ${destination}`).join('; ')}`);
  const begunBefore = count(stage, 'IN_QUEUE');
  await stage.mendStorage();
  const mendedAt = performance.now();
  const hasMoved = await stage.until(() => count(stage, 'IN_QUEUE') >= begunBefore + waiting.length, 10_000);
  say('the storage is back');
  const movedAfterMs = hasMoved ? performance.now() - mendedAt : null;
  return { failedAfterMs, waitedVisibly: waiting.length > 0, movedAfterMs };
}

async function running(stage: Stage): Promise<FileJson[]> {
  const files = await stage.files().catch(() => []);
  return files.filter(({ status, percent }) => (status === 'COPYING' || status === 'GROWING_COPY') && percent >= 20);
}

function count(stage: Stage, to: string): number {
  return stage.notes.filter((note) => note.event === 'transition' && note.to === to).length;
}

/** @returns null where it took longer */
async function within<Result>(promise: Promise<Result>, ms: number): Promise<Result | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function fileTable(stage: Stage, files: readonly FileJson[], compared: readonly Compared[]): string[] {
  const states = (file: FileJson): string =>
    stage.notes.flatMap((note) => (note.event === 'transition' && note.file.id === file.id ? [note.to] : [])).join(' > ');
  const hash = (file: FileJson): string => compared.find((each) => each.file.id === file.id)?.sha256 ?? '-';
  return [
    '',
    ...table(
      [
        { title: 'ID', cell: (file: FileJson) => file.id.slice(0, 8) },
        { title: 'SOURCE', cell: (file) => file.source },
        { title: 'DESTINATION', cell: (file) => file.destination },
        { title: 'SIZE', cell: (file) => sizeText(file.sizeBytes), align: 'right' },
        { title: 'XXH64', cell: (file) => file.hash?.value ?? '-' },
        { title: 'SHA-256', cell: (file) => hash(file) },
        { title: 'STATES', cell: (file) => (file.error === null ? states(file) : `${states(file)} at ${file.error.percent}%`) },
      ],
      files,
    ),
  ];
}

function promiseTable(promises: readonly Promised[]): string[] {
  return ['', ...promises.map(({ promise, isHeld, seen }) => `${isHeld ? 'held  ' : 'BROKEN'}  ${promise} (${seen})`)];
}
