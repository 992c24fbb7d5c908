import { hasEnded } from '../finish.ts';
import { playOutage, runningCopies } from '../outage.ts';
import { lastReportedFiles, type Seen } from '../promises.ts';
import type { Recorders } from '../stage/recorders.ts';
import type { Stage } from '../stage/stage.ts';
import { pause, until } from '../stage/wait.ts';
import type { Guide } from './guide.ts';

export interface PlayOptions {
  readonly stage: Stage;
  readonly recorders: Recorders;
  readonly guide: Guide;
  /** How long the recorder of the tour records. */
  readonly seconds: number;
  readonly seen: Seen;
  readonly signal: AbortSignal;
}

/** Time to read what a step says, milliseconds. */
const readMs = 5_000;
const outageMs = 11_000;
/** What the guest holds meanwhile is not waited for forever. */
const copiedWithinMs = 60_000;
const startWithinMs = 30_000;
const percentAtOutage = 40;
const own = ['cam-c.mxf', 'cam-b.wav', 'cam-a.mov', 'cam-d.mxf'] as const;

/**
 * Plays the tour next to the screen, at the pace of a person who reads it.
 *
 * @throws Error (`AbortError`) where the guest leaves before its end; `seen` has what was seen by then
 */
export async function playTour({ stage, recorders, guide, seconds, seen, signal }: PlayOptions): Promise<void> {
  recorders.record(own[0], seconds);
  await pause(readMs / 3, signal);
  await recorders.drop(own[1], 5_000_000);
  await pause(readMs / 3, signal);
  await recorders.drop(own[2], 200_000_000);
  await pause(readMs / 3, signal);
  guide.shows('copying');
  await pause(readMs, signal);
  const isUnderWay = async (): Promise<boolean> => (await runningCopies(stage, percentAtOutage)).length >= 2;
  await until(isUnderWay, startWithinMs, signal);
  await playOutage({
    stage,
    lastsMs: outageMs,
    seen,
    signal,
    report: {
      goesAway: () => {
        guide.shows('outage');
        // Recorders do not stop for storage.
        recorders.record(own[3], outageMs / 1000 + seconds / 2);
      },
      waits: () => undefined,
      isBack: () => guide.shows('back'),
    },
  });
  await pause(readMs * 1.5, signal);
  guide.shows('closing');
  await pause(readMs, signal);
  await until(() => isCopied(stage), copiedWithinMs, signal);
  guide.handOver();
}

/** All that the tour began; what its guest has begun may go on for as long as he likes. */
function isCopied({ notes }: Stage): boolean {
  const files = lastReportedFiles(notes);
  return own.every((name) => {
    const attempts = files.filter(({ source }) => source === name);
    return attempts.every(hasEnded) && attempts.some(({ status }) => status === 'COMPLETED');
  });
}
