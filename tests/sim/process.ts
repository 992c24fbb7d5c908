import { createWakingClock, type WakingClock } from '@sluice/platform';
import type { SimClock } from '@sluice/testkit';

/** How a process is paused: by a signal, or with its machine, whose monotonic clock then stands still. */
export type Pause = 'stopped' | 'suspended';

/** The agent's process. While it is paused no code of it runs, and messages to it wait in its pipes. */
export interface AgentProcess {
  /** The agent's clock: the real waking clock, on the time of this process. */
  readonly clock: { monotonic(): number; wall(): number };
  readonly makeTimer: (fire: () => void) => { set(at: number): void; clear(): void };
  /** Runs `work` soon, after what is already pending. */
  defer(work: () => void): void;
  /** Delivers something through a pipe. It is read when the process runs. */
  receive(work: () => void): void;
  /** Pauses the process. Everything else continues. */
  pause(ms: number, how: Pause): void;
  end(): void;
}

/** Starts a process that runs. */
export function startProcess(clock: SimClock): AgentProcess {
  return new SimulatedProcess(clock);
}

class SimulatedProcess implements AgentProcess {
  readonly clock: { monotonic(): number; wall(): number };
  readonly #clock: SimClock;
  readonly #waking: WakingClock;
  /** Null: it runs. */
  #paused: { readonly how: Pause; readonly since: number; until: number } | null = null;
  /** How long the machine has been suspended in total. */
  #suspendedMs = 0;
  /** Timers that became due during the pause, and messages that arrived during it. */
  #due: (() => void)[] = [];
  #unread: (() => void)[] = [];
  #hasEnded = false;

  constructor(clock: SimClock) {
    this.#clock = clock;
    const monotonic = (): number => clock.monotonic() - this.#suspendedMs;
    this.#waking = createWakingClock({
      monotonic,
      wall: clock.wall,
      every: (everyMs, work) => this.#repeat(everyMs, work),
      after: (delayMs, work) => clock.after(delayMs, () => this.#run(work)),
    });
    this.clock = { monotonic: () => this.#waking.now(), wall: clock.wall };
  }

  readonly makeTimer = (fire: () => void): { set(at: number): void; clear(): void } => {
    let callOff = (): void => {};
    return {
      set: (at) => {
        callOff();
        callOff = this.#waking.at(at, fire);
      },
      clear: () => callOff(),
    };
  };

  defer(work: () => void): void {
    this.#clock.after(0, () => this.#run(work));
  }

  receive(work: () => void): void {
    if (this.#paused === null) work();
    else this.#unread.push(work);
  }

  pause(ms: number, how: Pause): void {
    const now = this.#clock.monotonic();
    this.#paused ??= { how, since: now, until: now };
    this.#paused.until = Math.max(this.#paused.until, now + ms);
    this.#clock.after(ms, () => this.#goOn());
  }

  end(): void {
    this.#hasEnded = true;
    this.#due = [];
    this.#unread = [];
  }

  #run(work: () => void): void {
    if (this.#hasEnded) return;
    if (this.#paused === null) work();
    else this.#due.push(work);
  }

  #repeat(everyMs: number, work: () => void): void {
    this.#clock.after(everyMs, () => {
      this.#run(() => {
        this.#repeat(everyMs, work);
        work();
      });
    });
  }

  /** An event loop runs the timers that are due before it reads its pipes. */
  #goOn(): void {
    const now = this.#clock.monotonic();
    if (this.#paused === null || now < this.#paused.until || this.#hasEnded) return;
    if (this.#paused.how === 'suspended') this.#suspendedMs += now - this.#paused.since;
    const works = [...this.#due, ...this.#unread];
    this.#paused = null;
    this.#due = [];
    this.#unread = [];
    for (const work of works) if (!this.#hasEnded) work();
  }
}
