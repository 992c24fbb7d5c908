import { type Child, createSeats } from '@sluice/child';
import type { CopyId } from '@sluice/core/model';
import type { CarrierCommand } from '@sluice/transport';
import { limits } from '../limits.ts';

/** A carrier process and the copies that it runs. */
export interface Carrier {
  readonly child: Child<CarrierCommand>;
  readonly copies: Set<CopyId>;
}

/** How carriers are started and watched. */
export interface CarriersDependencies {
  readonly start: () => Carrier;
  /** Returns the path and mount that the processes work on now. */
  readonly target: () => string;
  /** Milliseconds. */
  readonly monotonic: () => number;
}

/**
 * The carrier processes of one route: which one gets new copies, and which one runs which copy. The current process gets the new
 * copies. A process with a call that hangs gets none: it is retired until its other copies are over. At most
 * `limits.retiredCarriers` are retired at once.
 */
export class Carriers {
  readonly #dependencies: CarriersDependencies;
  readonly #seats = createSeats();
  #current: Carrier | null = null;
  #retired: readonly Carrier[] = [];

  constructor(dependencies: CarriersDependencies) {
    this.#dependencies = dependencies;
  }

  /** The process that gets the new copies. Null until one is started. */
  get current(): Carrier | null {
    return this.#current;
  }

  /** Returns the carriers that were not abandoned. */
  all(): readonly Carrier[] {
    return this.#current === null ? this.#retired : [...this.#retired, this.#current];
  }

  /** Returns whether a process has not been abandoned. */
  has(carrier: Carrier): boolean {
    return carrier === this.#current || this.#retired.includes(carrier);
  }

  holderOf(copyId: CopyId): Carrier | null {
    const retired = this.#retired.find(({ copies }) => copies.has(copyId));
    if (retired !== undefined) return retired;
    return this.#current?.copies.has(copyId) === true ? this.#current : null;
  }

  /** Returns the current process, and starts one if there is none. @returns null if too many processes hang to start another one */
  live(): Carrier | null {
    const { target, start } = this.#dependencies;
    if (this.#current === null && this.#seats.hung(target()) === null) this.#current = start();
    return this.#current;
  }

  /** Notes that a copy was published, so the destination works. */
  noteGood(): void {
    this.#seats.noteGood();
  }

  /** Stops giving new copies to the current process. @returns false if it is not the current one, or if enough are retired */
  retire(carrier: Carrier): boolean {
    if (carrier !== this.#current || this.#retired.length >= limits.retiredCarriers) return false;
    this.#current = null;
    this.#retired = [...this.#retired, carrier];
    return true;
  }

  /** Abandons a retired process that runs no copy. */
  abandonIdle(carrier: Carrier): void {
    if (this.#retired.includes(carrier) && carrier.copies.size === 0) this.abandon(carrier);
  }

  abandonAll(): void {
    for (const carrier of this.#retired) this.abandon(carrier);
    if (this.#current !== null) this.abandon(this.#current);
  }

  /** Kills a process without waiting for its end. It may hang: it keeps its seat until it has ended. */
  abandon(carrier: Carrier): void {
    const { target, monotonic } = this.#dependencies;
    if (this.#current === carrier) this.#current = null;
    this.#retired = this.#retired.filter((other) => other !== carrier);
    const { pid, isGone } = carrier.child;
    this.#seats.noteAbandoned({ pid, path: target(), isGone }, monotonic());
    carrier.child.abandon();
  }
}
