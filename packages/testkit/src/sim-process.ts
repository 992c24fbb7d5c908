/** The time of a simulated process, which the test advances. A waking clock can be built on it. */
export interface SimProcess {
  readonly system: {
    monotonic(): number;
    wall(): number;
    every(everyMs: number, work: () => void): void;
    after(delayMs: number, work: () => void): () => void;
  };
  /** Runs awake: every timer fires when it is due. */
  run(forMs: number): void;
  /** Stops the process: timers that become due fire when it continues. */
  stop(forMs: number): void;
  /** Suspends the machine: the monotonic clock stands still. */
  suspend(forMs: number): void;
  /** Returns the number of active timers, without the repeated ones. */
  timers(): number;
}

interface Timer {
  dueAt: number;
  readonly everyMs: number | null;
  readonly work: () => void;
}

/** Returns a process at time 0. */
export function createSimProcess(): SimProcess {
  let [monotonic, wall] = [5_000, 1_790_000_000_000];
  const timers = new Set<Timer>();
  const pass = (ms: number): void => {
    monotonic += ms;
    wall += ms;
  };
  const runDue = (until: number): void => {
    for (;;) {
      const [next] = [...timers].filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt);
      if (next === undefined) return;
      pass(Math.max(0, next.dueAt - monotonic));
      if (next.everyMs === null) timers.delete(next);
      else next.dueAt = monotonic + next.everyMs;
      next.work();
    }
  };
  return {
    system: {
      monotonic: () => monotonic,
      wall: () => wall,
      every: (everyMs, work) => void timers.add({ dueAt: monotonic + everyMs, everyMs, work }),
      after: (delayMs, work) => {
        const timer = { dueAt: monotonic + delayMs, everyMs: null, work };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    run(forMs) {
      const until = monotonic + forMs;
      runDue(until);
      pass(until - monotonic);
    },
    stop: pass,
    suspend(forMs) {
      wall += forMs;
    },
    timers: () => [...timers].filter(({ everyMs }) => everyMs === null).length,
  };
}
