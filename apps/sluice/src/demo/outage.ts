import type { FileJson, TransitionNote } from '@sluice/control';
import { demoLimits } from './limits.ts';
import type { Measured, Seen } from './promises.ts';
import { routeName, type Stage } from './stage/stage.ts';
import { pause, until } from './stage/wait.ts';

/** What is reported about an outage as it happens. */
export interface OutageReport {
  goesAway(running: readonly FileJson[]): void;
  waits(waiting: readonly FileJson[]): void;
  isBack(): void;
}

/** How an outage is played. */
export interface OutageOptions {
  readonly stage: Stage;
  /** How long the storage is away, in milliseconds. */
  readonly lastsMs: number;
  /** Filled in as it happens, so that an early end has what was seen until then. */
  readonly seen: Seen;
  readonly report: OutageReport;
  readonly signal: AbortSignal;
}

/** Takes the storage away in the middle of the copies, and brings it back. */
export async function playOutage({ stage, lastsMs, seen, report, signal }: OutageOptions): Promise<void> {
  const before = stage.notes.length;
  report.goesAway(await runningCopies(stage));
  const goneAt = Date.now();
  await stage.storage.takeOut();
  seen.failedAfterMs = await measured(goneAt, () => failedSince(stage, before)[0]?.at ?? null, signal);
  seen.failedIds = failedSince(stage, before).map(({ file }) => file.id);
  await pause(lastsMs / 2, signal);
  const waiting = (await stage.files()).filter(({ status, hold }) => status === 'READY' && hold === 'network');
  seen.failedIds = failedSince(stage, before).map(({ file }) => file.id);
  seen.waitedVisibly = waiting.length > 0;
  report.waits(waiting);
  await pause(lastsMs / 2, signal);
  await comeBack({ stage, seen, signal });
  report.isBack();
}

async function comeBack({ stage, seen, signal }: Pick<OutageOptions, 'stage' | 'seen' | 'signal'>): Promise<void> {
  const waiting = (await stage.files()).filter(({ status, hold }) => status === 'READY' && hold === 'network');
  const before = stage.notes.length;
  const backAt = Date.now();
  await stage.storage.putIn('right');
  const lastQueued = (): string | null => {
    const queued = waiting.map(({ id }) => transitions(stage, before).find(({ file, to }) => file.id === id && to === 'IN_QUEUE')?.at);
    return queued.every((at) => at !== undefined) ? (queued.toSorted().at(-1) ?? null) : null;
  };
  const moved = waiting.length === 0 ? 'not shown' : await measured(backAt, lastQueued, signal);
  // What an operator holds moves only when it is released.
  if (!(await isHeld(stage))) seen.movedAfterMs = moved;
}

async function isHeld(stage: Stage): Promise<boolean> {
  const { routes } = await stage.ask('status', {});
  return routes.some(({ name, hold }) => name === routeName && hold !== null);
}

/** Returns copies that have made progress. */
export async function runningCopies(stage: Stage, percentAtLeast = 20): Promise<FileJson[]> {
  const files = await stage.files();
  return files.filter(({ status, percent }) => (status === 'COPYING' || status === 'GROWING_COPY') && percent >= percentAtLeast);
}

function failedSince(stage: Stage, index: number): TransitionNote[] {
  return transitions(stage, index).filter(({ file, to }) => to === 'FAILED' && file.error?.kind === 'network_interruption');
}

function transitions({ notes }: Stage, index: number): TransitionNote[] {
  return notes.slice(index).filter((note) => note.event === 'transition');
}

/**
 * Returns how long the agent took by its own clock, because this process may have been stopped meanwhile (Ctrl-Z).
 * @param from wall clock, milliseconds
 * @param at when it happened, RFC 3339; null while it has not
 */
async function measured(from: number, at: () => string | null, signal: AbortSignal): Promise<Measured> {
  if (!(await until(() => at() !== null, demoLimits.reactsWithinMs, signal))) return 'late';
  return Math.max(0, Date.parse(at() ?? '') - from);
}
