import { type Child, createSeats } from '@sluice/child';
import type { CopyId } from '@sluice/core/model';
import type { CarrierCommand } from '@sluice/transport';
import { limits } from '../limits.ts';

/** A carrier process and the copies it has in hand. */
export interface Carrier {
  readonly child: Child<CarrierCommand>;
  readonly copies: Set<CopyId>;
}

export interface CarriersDependencies {
  readonly start: () => Carrier;
  /** What the processes work on now: a path and its mount. */
  readonly target: () => string;
  /** Milliseconds. */
  readonly monotonic: () => number;
}

/**
 * The carrier processes of one route: which gets new copies, and which has a copy in hand. One process gets the new copies. A
 * process that lost a call to a hang gets none: it is retired until its other copies are over, with at most
 * `limits.retiredCarriers` at once.
 */
export class Carriers {
  readonly #dependencies: CarriersDependencies;
  readonly #seats = createSeats();
  #current: Carrier | null = null;
  #retired: readonly Carrier[] = [];

  constructor(dependencies: CarriersDependencies) {
    this.#dependencies = dependencies;
  }

  /** The process that gets the new copies; null until one is started. */
  get current(): Carrier | null {
    return this.#current;
  }

  /** Whether it was not abandoned. */
  has(carrier: Carrier): boolean {
    return carrier === this.#current || this.#retired.includes(carrier);
  }

  holderOf(copyId: CopyId): Carrier | null {
    const retired = this.#retired.find(({ copies }) => copies.has(copyId));
    if (retired !== undefined) return retired;
    return this.#current?.copies.has(copyId) === true ? this.#current : null;
  }

  /** Returns the current process and starts it where there is none. @returns null where so many hang that none may be started */
  live(): Carrier | null {
    const { target, start } = this.#dependencies;
    if (this.#current === null && this.#seats.hung(target()) === null) this.#current = start();
    return this.#current;
  }

  /** A copy was published: the destination works. */
  noteGood(): void {
    this.#seats.noteGood();
  }

  /** Gives the current process no new copies. @returns false where it is not the current one, or enough are retired */
  retire(carrier: Carrier): boolean {
    if (carrier !== this.#current || this.#retired.length >= limits.retiredCarriers) return false;
    this.#current = null;
    this.#retired = [...this.#retired, carrier];
    return true;
  }

  /** Abandons a retired process that has no copy in hand. */
  abandonIdle(carrier: Carrier): void {
    if (this.#retired.includes(carrier) && carrier.copies.size === 0) this.abandon(carrier);
  }

  abandonAll(): void {
    for (const carrier of this.#retired) this.abandon(carrier);
    if (this.#current !== null) this.abandon(this.#current);
  }

  /** Kills a process without waiting for it. It may hang: it keeps its seat until it really ended. */
  abandon(carrier: Carrier): void {
    const { target, monotonic } = this.#dependencies;
    if (this.#current === carrier) this.#current = null;
    this.#retired = this.#retired.filter((other) => other !== carrier);
    const { pid, isGone } = carrier.child;
    this.#seats.noteAbandoned({ pid, path: target(), isGone }, monotonic());
    carrier.child.abandon();
  }
}
