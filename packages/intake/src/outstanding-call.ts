import { wakingClock } from '@sluice/platform';

/** The command under way, and how long its last call to the source has been outstanding while this process was awake. */
export class OutstandingCall {
  readonly #now: () => number;
  #command: { since: number; readonly operation: string } | null = null;

  /** @param now milliseconds */
  constructor(now: () => number = () => wakingClock.now()) {
    this.#now = now;
  }

  begin(operation: string): void {
    this.#command = { since: this.#now(), operation };
  }

  /** Restarts the time: the next call begins, or a wait for something other than the source ends. */
  restart(): void {
    if (this.#command !== null) this.#command.since = this.#now();
  }

  end(): void {
    this.#command = null;
  }

  /** @returns null while no command is under way */
  current(): { readonly operation: string; readonly sinceMs: number } | null {
    if (this.#command === null) return null;
    return { operation: this.#command.operation, sinceMs: this.#now() - this.#command.since };
  }
}
