import { performance } from 'node:perf_hooks';

/** The command under way, and how long its last call to the source has been outstanding. */
export class OutstandingCall {
  #command: { since: number; readonly operation: string } | null = null;

  begin(operation: string): void {
    this.#command = { since: performance.now(), operation };
  }

  /** The next call begins, or waiting for something other than the source ends: time counts from now. */
  restart(): void {
    if (this.#command !== null) this.#command.since = performance.now();
  }

  end(): void {
    this.#command = null;
  }

  /** @returns null while no command is under way */
  current(): { readonly operation: string; readonly sinceMs: number } | null {
    if (this.#command === null) return null;
    return { operation: this.#command.operation, sinceMs: performance.now() - this.#command.since };
  }
}
