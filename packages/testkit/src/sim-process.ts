/** The time of a process in a test, which moves it. Made to build a waking clock on. */
export interface SimProcess {
  readonly system: {
    monotonic(): number;
    wall(): number;
    every(everyMs: number, work: () => void): void;
    after(delayMs: number, work: () => void): () => void;
  };
  /** Awake: every timer runs when it is due. */
  run(forMs: number): void;
  /** Stopped: what became due runs when the process goes on. */
  stop(forMs: number): void;
  /** The machine is suspended: the monotonic clock stands still. */
  suspend(forMs: number): void;
  /** Timers that are set, without the repeated ones. */
  timers(): number;
}

interface Timer {
  dueAt: number;
  readonly everyMs: number | null;
  readonly work: () => void;
}

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
