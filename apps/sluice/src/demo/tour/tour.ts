import type { Note } from '@sluice/agent';
import { connectControl } from '@sluice/control';
import { openScreenClient, showScreen } from '@sluice/tui';
import { CommandError, exitCode } from '@sluice/words';
import { complain, say } from '../../output.ts';
import { giver } from '../../requester.ts';
import { createSafeAsker } from '../../safe-asker.ts';
import { finish, hasEnded } from '../finish.ts';
import { demoLimits } from '../limits.ts';
import { lastReportedFiles, nothingSeen, type Seen } from '../promises.ts';
import { onStage } from '../stage/on-stage.ts';
import { startRecorders } from '../stage/recorders.ts';
import type { Stage } from '../stage/stage.ts';
import { until } from '../stage/wait.ts';
import { verify } from '../verify.ts';
import { type Guide, makeGuide } from './guide.ts';
import { playTour } from './play.ts';

/** Options of the tour. */
export interface TourOptions {
  /** How long the recorder records. */
  readonly seconds: number | null;
  readonly unicode?: boolean;
}

/**
 * Runs the tour, next to the same screen that shows a real agent. It plays by itself, then the user may break the storage. When
 * the user leaves, everything is completed and verified.
 * @returns the exit code: 0 only if every byte was copied and no promise was broken
 */
export async function runTour({ seconds, ...theme }: TourOptions): Promise<number> {
  const complaints: string[] = [];
  let onNote: (note: Note) => void = () => undefined;
  try {
    return await onStage(
      {
        isUntilIdle: false,
        maxRate: '20MB',
        onNote: (note) => onNote(note),
        // Printed later, because the screen uses the terminal now.
        onComplaint: (line) => void (complaints.length < demoLimits.complaints && complaints.push(line)),
      },
      (stage, signal) =>
        visit(stage, signal, { seconds: seconds ?? demoLimits.tourSeconds, theme, listen: (listener) => (onNote = listener) }),
    );
  } finally {
    for (const line of complaints) complain(line);
  }
}

interface Visit {
  readonly seconds: number;
  readonly theme: Pick<TourOptions, 'unicode'>;
  readonly listen: (listener: (note: Note) => void) => void;
}

async function visit(stage: Stage, signal: AbortSignal, { seconds, theme, listen }: Visit): Promise<number> {
  await answering(stage, signal);
  const seen = nothingSeen();
  const recorders = startRecorders(stage.source);
  const hasLeft = (): boolean => lastReportedFiles(stage.notes).some((file) => !hasEnded(file));
  const guide = makeGuide({ storage: stage.storage, recorders, hasLeft });
  listen(guide.hears);
  const leaving = new AbortController();
  const playing = playTour({ stage, recorders, guide, seconds, seen, signal: AbortSignal.any([signal, leaving.signal]) });
  // Anything else is a fault of this program. It ends the program after restoring the terminal and removing the folders.
  const played = playing.catch((error: unknown) => {
    if (!leaving.signal.aborted && !signal.aborted) throw error;
  });
  const code = await showTour(stage, guide, theme);
  leaving.abort();
  await played;
  await recorders.close();
  await guide.settled();
  return code === exitCode.done ? await verifyAll(stage, guide, seen, signal) : code;
}

/** @throws CommandError if the agent does not start, because then there is nothing to show */
async function answering(stage: Stage, signal: AbortSignal): Promise<void> {
  const isThere = (): Promise<boolean> =>
    stage.ask('ping', {}).then(
      () => true,
      () => false,
    );
  if (!(await until(isThere, demoLimits.answersWithinMs, signal)))
    throw new CommandError('the agent of the tour does not answer', exitCode.notAsAsked);
}

async function showTour(stage: Stage, guide: Guide, theme: Pick<TourOptions, 'unicode'>): Promise<number> {
  return await showScreen({
    ...theme,
    isReadOnly: false,
    hasBell: false,
    tour: guide,
    openClient: () =>
      openScreenClient({
        connect: () => connectControl({ stateDir: stage.stateDir, deadlineMs: demoLimits.connectMs }),
        who: giver('in the tour'),
        safe: createSafeAsker(() => stage.stateDir),
      }),
    showStatus: () => Promise.resolve(exitCode.done),
  });
}

async function verifyAll(stage: Stage, guide: Guide, seen: Seen, signal: AbortSignal): Promise<number> {
  say('the tour is over: Sluice puts the storage back, copies what is left, and compares every byte ...');
  const end = await finish(stage, guide.accepted(), signal);
  return (await verify(stage, seen, end)) ? exitCode.done : exitCode.notAsAsked;
}
