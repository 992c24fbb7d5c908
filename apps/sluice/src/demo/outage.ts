import type { FileJson } from '@sluice/agent';
import type { Measured, Seen } from './proof.ts';
import { routeName, type Stage } from './stage.ts';
import { pause, until } from './wait.ts';

/** What of an outage is told as it happens. */
export interface OutageTelling {
  goesAway(running: readonly FileJson[]): void;
  waits(waiting: readonly FileJson[]): void;
  isBack(): void;
}

export interface OutageOptions {
  readonly stage: Stage;
  /** How long the storage is away, milliseconds. */
  readonly lastsMs: number;
  /** Filled in as it is seen, so that who breaks off has what was seen by then. */
  readonly seen: Seen;
  readonly telling: OutageTelling;
  readonly signal: AbortSignal;
}

const reactsWithinMs = 10_000;

/** The storage goes away in the middle of the copies, and comes back. */
export async function playOutage({ stage, lastsMs, seen, telling, signal }: OutageOptions): Promise<void> {
  const before = stage.notes.length;
  telling.goesAway(await runningCopies(stage));
  await stage.storage.takeOut();
  seen.failedAfterMs = await timed(() => failedSince(stage, before).length > 0, signal);
  await pause(lastsMs / 2, signal);
  const waiting = (await stage.files()).filter(({ status, hold }) => status === 'READY' && hold === 'network');
  seen.failedIds = failedSince(stage, before);
  seen.waitedVisibly = waiting.length > 0;
  telling.waits(waiting);
  await pause(lastsMs / 2, signal);
  await comeBack({ stage, seen, signal });
  telling.isBack();
}

async function comeBack({ stage, seen, signal }: Pick<OutageOptions, 'stage' | 'seen' | 'signal'>): Promise<void> {
  const waiting = (await stage.files()).filter(({ status, hold }) => status === 'READY' && hold === 'network');
  const before = stage.notes.length;
  await stage.storage.putIn('right');
  const isQueued = ({ id }: FileJson): boolean =>
    stage.notes.slice(before).some((note) => note.event === 'transition' && note.file.id === id && note.to === 'IN_QUEUE');
  const moved = await timed(() => waiting.every(isQueued), signal);
  // What somebody holds moves when he lets it go.
  if (!(await isHeld(stage))) seen.movedAfterMs = moved;
}

async function isHeld(stage: Stage): Promise<boolean> {
  const { routes } = await stage.ask('status', {});
  return routes.some(({ name, hold }) => name === routeName && hold !== null);
}

/** Copies that are well under way. */
export async function runningCopies(stage: Stage, percentAtLeast = 20): Promise<FileJson[]> {
  const files = await stage.files();
  return files.filter(({ status, percent }) => (status === 'COPYING' || status === 'GROWING_COPY') && percent >= percentAtLeast);
}

function failedSince(stage: Stage, index: number): string[] {
  const notes = stage.notes.slice(index);
  return notes.flatMap((note) =>
    note.event === 'transition' && note.to === 'FAILED' && note.file.error?.kind === 'network_interruption' ? [note.file.id] : [],
  );
}

/** How long it took, milliseconds. */
async function timed(isSo: () => boolean, signal: AbortSignal): Promise<Measured> {
  const startedAt = performance.now();
  return (await until(isSo, reactsWithinMs, signal)) ? performance.now() - startedAt : 'late';
}
