import type { SimClock } from '../../sim-clock.ts';
import { type Call, callDestination } from '../call.ts';
import type { FakeDestination } from '../destination.ts';

/** The parts of the simulation that the syncs of folders use. */
export interface SyncDependencies {
  readonly clock: SimClock;
  readonly destination: FakeDestination;
  readonly stallAfterMs: number;
}

/** How long a sync waits for others of the same folder. */
const gatherMs = 2;

/** The syncs of folders in one process. Publications in the same folder share one: it succeeds, fails or hangs for all of them. */
export class FolderSyncs {
  readonly #dependencies: SyncDependencies;
  readonly #waiting = new Map<string, Call[]>();

  constructor(dependencies: SyncDependencies) {
    this.#dependencies = dependencies;
  }

  /** Makes a call that other callers may share. */
  sync(folder: string, call: Call): void {
    const waiting = this.#waiting.get(folder);
    if (waiting !== undefined) {
      waiting.push(call);
      return;
    }
    this.#waiting.set(folder, [call]);
    this.#dependencies.clock.after(gatherMs, () => {
      const calls = this.#waiting.get(folder) ?? [];
      this.#waiting.delete(folder);
      if (calls.some(({ life }) => life.isAlive))
        callDestination(this.#dependencies, this.#dependencies.destination, 'stat', folder, sharedBy(calls));
    });
  }
}

function sharedBy(calls: readonly Call[]): Call {
  const alive = (): Call[] => calls.filter(({ life }) => life.isAlive);
  return {
    operation: 'fsync',
    life: {
      get isAlive() {
        return alive().length > 0;
      },
      isUnheard: false,
    },
    stalled: (...what) => alive().forEach((call) => call.stalled(...what)),
    failed: (...what) => alive().forEach((call) => call.failed(...what)),
    done: () => alive().forEach((call) => call.done()),
  };
}
