import type { Note } from '@sluice/agent';
import { unreachable } from '@sluice/core/model';
import type { ScreenTour, Tour, TourAction, TourMessage } from '@sluice/tui';
import { type Scene, tourSteps, tourWords } from '@sluice/words';
import type { Recorders } from '../stage/recorders.ts';
import type { DemoStorage, Disk } from '../stage/storage.ts';

/** Shows on the screen which step the tour is at, and carries out the actions of its keys. */
export interface Guide extends ScreenTour {
  shows(scene: Scene): void;
  /** Lets the user break the storage from now on. */
  handOver(): void;
  /** Handles a report of the agent: whether it accepts the inserted disk. */
  hears(note: Note): void;
  /** Returns the disk that the agent accepts as its destination, as far as is known. */
  accepted(): Disk;
  /** Resolves when all requested actions are done. */
  settled(): Promise<void>;
}

interface GuideOptions {
  readonly storage: DemoStorage;
  readonly recorders: Recorders;
  /** Returns whether files are still to be copied. */
  readonly hasLeft: () => boolean;
}

/** Returns a guide at the first step. */
export function makeGuide({ storage, recorders, hasLeft }: GuideOptions): Guide {
  let send: (message: TourMessage) => void = () => undefined;
  let scene: Scene = 'recording';
  let isPlayed = false;
  let accepted: Disk = 'right';
  let wasBroken = false;
  let doing: Promise<void> = Promise.resolve();

  const tour = (): Tour => {
    const inserted = storage.inserted();
    return {
      ...tourWords[scene],
      steps: tourSteps,
      isPlayed,
      storage: inserted === null ? 'gone' : inserted === accepted ? 'right' : 'wrong',
    };
  };
  const show = (next: Scene): void => {
    scene = next;
    send({ kind: 'tour', tour: tour() });
  };
  const refresh = (): void => {
    if (isPlayed) show(sceneOf({ inserted: storage.inserted(), accepted, wasBroken, hasLeft: hasLeft() }));
  };
  const act = async (action: TourAction): Promise<void> => {
    const text = await done(action, storage, recorders, accepted);
    wasBroken ||= action !== 'recorder';
    refresh();
    send({ kind: 'done', text, isBad: false });
  };
  return {
    onMessage(listener) {
      send = listener;
      listener({ kind: 'tour', tour: tour() });
    },
    perform(action) {
      // One after the other, however fast the keys come.
      doing = doing.then(() => act(action));
    },
    shows: show,
    handOver() {
      isPlayed = true;
      refresh();
    },
    hears(note) {
      if (note.event === 'gate' && note.gate.state === 'open') accepted = storage.inserted() ?? accepted;
      refresh();
    },
    accepted: () => accepted,
    settled: () => doing,
  };
}

/** @returns what was done, in words */
async function done(action: TourAction, storage: DemoStorage, recorders: Recorders, accepted: Disk): Promise<string> {
  switch (action) {
    case 'recorder': {
      const name = recorders.another();
      return name === null ? 'this tour has its last recording; no more can start' : `a recorder starts to write ${name}`;
    }
    case 'disk': {
      const other = storage.inserted() === 'wrong' ? 'right' : 'wrong';
      await storage.putIn(other);
      return other === 'wrong' ? 'another disk is now in the place of the storage' : 'the first disk is back';
    }
    case 'storage': {
      const isGone = storage.inserted() === null;
      await (isGone ? storage.putIn(accepted) : storage.takeOut());
      return isGone ? 'the storage is back' : 'the storage is offline';
    }
    default:
      return unreachable(action);
  }
}

/** The state of the storage after the actions of the user. */
interface StorageNow {
  readonly inserted: Disk | null;
  /** The disk that Sluice accepts as its destination. */
  readonly accepted: Disk;
  /** Whether the user has broken something before. */
  readonly wasBroken: boolean;
  /** Whether files are still to be copied. */
  readonly hasLeft: boolean;
}

/** Returns the scene after the tour was played. */
export function sceneOf({ inserted, accepted, wasBroken, hasLeft }: StorageNow): Scene {
  if (inserted === null) return 'gone';
  if (inserted !== accepted) return inserted === 'wrong' ? 'wrong' : 'swapped';
  if (accepted === 'wrong') return 'adopted';
  return wasBroken && hasLeft ? 'returned' : 'yours';
}
