import { hasEnded } from '../finish.ts';
import { demoLimits } from '../limits.ts';
import { playOutage, runningCopies } from '../outage.ts';
import { lastReportedFiles, type Seen } from '../promises.ts';
import type { Recorders } from '../stage/recorders.ts';
import type { Stage } from '../stage/stage.ts';
import { pause, until } from '../stage/wait.ts';
import type { Guide } from './guide.ts';

/** How a tour is played. */
export interface PlayOptions {
  readonly stage: Stage;
  readonly recorders: Recorders;
  readonly guide: Guide;
  /** How long the recorder of the tour records, in seconds. */
  readonly seconds: number;
  readonly seen: Seen;
  readonly signal: AbortSignal;
}

const own = ['cam-c.mxf', 'cam-b.wav', 'cam-a.mov', 'cam-d.mxf'] as const;

/**
 * Plays the tour next to the screen, at the pace of a person who reads it.
 * @throws Error (`AbortError`) if the user leaves before its end; `seen` has what was seen until then
 */
export async function playTour({ stage, recorders, guide, seconds, seen, signal }: PlayOptions): Promise<void> {
  recorders.record(own[0], seconds);
  await pause(demoLimits.readMs / 3, signal);
  await recorders.drop(own[1], 5_000_000);
  await pause(demoLimits.readMs / 3, signal);
  await recorders.drop(own[2], 200_000_000);
  await pause(demoLimits.readMs / 3, signal);
  guide.shows('copying');
  await pause(demoLimits.readMs, signal);
  const isUnderWay = async (): Promise<boolean> => (await runningCopies(stage, demoLimits.tourPercentAtOutage)).length >= 2;
  await until(isUnderWay, demoLimits.tourStartWithinMs, signal);
  await playOutage({
    stage,
    lastsMs: demoLimits.tourOutageMs,
    seen,
    signal,
    report: {
      goesAway: () => {
        guide.shows('outage');
        // Recorders continue without storage.
        recorders.record(own[3], demoLimits.tourOutageMs / 1000 + seconds / 2);
      },
      waits: () => undefined,
      isBack: () => guide.shows('back'),
    },
  });
  await pause(demoLimits.readMs * 1.5, signal);
  guide.shows('closing');
  await pause(demoLimits.readMs, signal);
  await until(() => isCopied(stage), demoLimits.tourCopiedWithinMs, signal);
  guide.handOver();
}

/** Returns whether the files of the tour are copied. Recordings that the user has started may continue. */
function isCopied({ notes }: Stage): boolean {
  const files = lastReportedFiles(notes);
  return own.every((name) => {
    const attempts = files.filter(({ source }) => source === name);
    return attempts.every(hasEnded) && attempts.some(({ status }) => status === 'COMPLETED');
  });
}
