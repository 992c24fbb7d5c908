import { join } from 'node:path';
import { exitCode } from '@sluice/words';
import { complain, say } from '../output.ts';
import { demoLimits } from './limits.ts';
import { playOutage, runningCopies } from './outage.ts';
import { nothingSeen, verdictOf } from './promises.ts';
import { onStage } from './stage/on-stage.ts';
import { drop, record } from './stage/recorder.ts';
import type { Stage } from './stage/stage.ts';
import { until } from './stage/wait.ts';
import { verify } from './verify.ts';

/**
 * Shows the main task on a temporary stage, without a screen: three recorders, one of which is still recording, an outage during
 * a copy, and the recovery.
 * @param seconds how long the recorder records
 * @returns the exit code: 0 only if every byte was copied and every promise was kept
 */
export async function runDemo({ seconds }: { readonly seconds: number | null }): Promise<number> {
  const recordedSeconds = seconds ?? demoLimits.demoSeconds;
  return await onStage({ isUntilIdle: true, maxRate: '30MB', onComplaint: complain }, (stage, signal) =>
    play(stage, recordedSeconds, signal),
  );
}

async function play(stage: Stage, seconds: number, signal: AbortSignal): Promise<number> {
  say(`three recorders write into ${stage.source}`);
  await drop(join(stage.source, 'cam-a.mov'), 150_000_000);
  await drop(join(stage.source, 'cam-b.wav'), 5_000_000);
  const growing = record(join(stage.source, 'cam-c.mxf'), 4_000_000, seconds, signal);
  const seen = nothingSeen();
  await until(async () => (await runningCopies(stage)).length >= 2, demoLimits.demoStartWithinMs, signal);
  await playOutage({
    stage,
    lastsMs: demoLimits.demoOutageMs,
    seen,
    signal,
    report: {
      goesAway: (running) =>
        say(`the storage goes offline while ${running.map(({ source, percent }) => `${source} is at ${percent}%`).join(' and ')}`),
      waits: (waiting) => say(waiting.map(({ source, destination }) => `${source} waits to be copied as ${destination}`).join('; ')),
      isBack: () => say('the storage is back'),
    },
  });
  await growing.done;
  let code: number | null = null;
  void stage.ended.then((ended) => {
    code = ended;
  });
  await until(() => code !== null, demoLimits.demoCopiedWithinMs, signal);
  const end = { promise: 'the agent reports that everything is copied', verdict: verdictOf(code === 0), seen: `exit ${code ?? 'never'}` };
  return (await verify(stage, seen, end)) ? exitCode.done : exitCode.notAsAsked;
}
