import { isStillRunning, wakingClock } from '@sluice/platform';
import { limits } from '../limits.ts';
import { type RunningHook, type StartHook, startHook } from './run.ts';
import { type EarlierHooks, type HookOwner, TrackedRun, type TrackingDependencies } from './tracking.ts';

/** Starts the processes of hooks and follows them. */
export class HookProcesses {
  readonly #dependencies: TrackingDependencies;
  readonly #earlier: EarlierHooks['stillThere'];
  readonly #running = new Set<TrackedRun>();

  /** @param earlier processes of an earlier life of the agent that hang */
  constructor(dependencies: TrackingDependencies, earlier: EarlierHooks['stillThere']) {
    this.#dependencies = dependencies;
    this.#earlier = earlier;
  }

  readonly start: StartHook = (owner, command, onEnd): RunningHook => {
    const tracked = new TrackedRun(owner, this.#dependencies);
    this.#running.add(tracked);
    void tracked.allGone.then(() => this.#running.delete(tracked));
    return startHook(command, onEnd, { tracked });
  };

  /** Returns whether a process of this hook hangs that an earlier life of the agent started. */
  hangs({ hook, route }: HookOwner): boolean {
    return this.#earlier.some(({ owner, identity }) => owner.hook === hook && owner.route === route && isStillRunning(identity));
  }

  /** Waits until nothing of any hook runs, for a short time. What is left then, the next life of the agent ends. */
  async settled(): Promise<void> {
    if (this.#running.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const callOff = wakingClock.after(limits.remnantsLastMs, resolve);
    await Promise.race([Promise.all([...this.#running].map(({ allGone }) => allGone)), promise]);
    callOff();
  }
}
