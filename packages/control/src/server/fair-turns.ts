import { ControlError } from '../protocol/errors.ts';
import type { ControlLimits } from '../protocol/limits.ts';

/** The clock and the timers that turns use. */
export interface TurnsClock {
  /** Milliseconds. */
  now(): number;
  after(delayMs: number, work: () => void): unknown;
  /** Runs work in the order in which it was given, each with all promise reactions that follow from it. */
  defer(work: () => void): unknown;
}

/** One of the clients that share the turns. */
export interface Seat {
  /**
   * Resolves when it is this client's turn. No other of these clients works until this one ends its event-loop turn.
   * @throws ControlError if the client has left
   */
  next(): Promise<void>;
  leave(): void;
}

type Waiting = PromiseWithResolvers<void>;

const eventLoop: TurnsClock = {
  now: () => performance.now(),
  after: (delayMs, work) => setTimeout(work, delayMs).unref(),
  defer: setImmediate,
};

/**
 * Divides a share of the event loop among clients that are not trusted. One of them works at a time, each gets its turn after all
 * others that wait, and everybody else is served between two turns. Together they may work for `memberShare` of the time, after
 * `memberBurstMs` of work at full speed, so that an ordinary client never waits.
 */
export class Turns {
  readonly #limits: Pick<ControlLimits, 'memberShare' | 'memberBurstMs'>;
  readonly #clock: TurnsClock;
  /** Clients that wait, in the order of their turns. */
  readonly #order = new Map<object, Waiting[]>();
  /** Milliseconds of work that may be used at once; below 0: none. */
  #balanceMs: number;
  #countedAt: number;
  #isSet = false;

  constructor(limits: Pick<ControlLimits, 'memberShare' | 'memberBurstMs'>, clock: TurnsClock = eventLoop) {
    this.#limits = limits;
    this.#clock = clock;
    this.#balanceMs = limits.memberBurstMs;
    this.#countedAt = clock.now();
  }

  seat(): Seat {
    const key = {};
    let hasLeft = false;
    return {
      next: () => (hasLeft ? Promise.reject(left()) : this.#wait(key)),
      leave: () => {
        hasLeft = true;
        const waiting = this.#order.get(key) ?? [];
        this.#order.delete(key);
        for (const { reject } of waiting) reject(left());
      },
    };
  }

  #wait(key: object): Promise<void> {
    const waiting: Waiting = Promise.withResolvers();
    const before = this.#order.get(key);
    if (before === undefined) this.#order.set(key, [waiting]);
    else before.push(waiting);
    this.#setNext();
    return waiting.promise;
  }

  #setNext(): void {
    if (this.#isSet || this.#order.size === 0) return;
    this.#isSet = true;
    const { memberShare, memberBurstMs } = this.#limits;
    const now = this.#clock.now();
    this.#balanceMs = Math.min(memberBurstMs, this.#balanceMs + (now - this.#countedAt) * memberShare);
    this.#countedAt = now;
    if (this.#balanceMs > 0) this.#give();
    else this.#clock.after(Math.ceil(-this.#balanceMs / memberShare) + 1, () => this.#give());
  }

  /** The second function runs when everything that follows from the turn is done. */
  #give(): void {
    let beganAt = 0;
    this.#clock.defer(() => {
      beganAt = this.#clock.now();
      this.#first()?.resolve();
    });
    this.#clock.defer(() => {
      this.#balanceMs -= this.#clock.now() - beganAt;
      this.#isSet = false;
      this.#setNext();
    });
  }

  /** Takes the first waiting client, and moves the client to the end. */
  #first(): Waiting | undefined {
    for (const [key, waiting] of this.#order) {
      const first = waiting.shift();
      this.#order.delete(key);
      if (waiting.length > 0) this.#order.set(key, waiting);
      return first;
    }
    return undefined;
  }
}

function left(): ControlError {
  return new ControlError('not_possible', 'the client has left');
}
