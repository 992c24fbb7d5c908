import { limits } from '../limits.ts';
import type { Loop } from '../loop.ts';
import type { Notifier } from './notify.ts';

/** What the reports to a service manager need. */
export interface ServiceReportDependencies {
  readonly notifier: Notifier;
  /** How often a sign of life is expected, milliseconds. Null: never. */
  readonly watchdogMs: number | null;
  readonly loop: Pick<Loop, 'offer' | 'isStalled' | 'eventsTaken'>;
  /** The state of the agent in one line. */
  readonly verdict: () => string;
  /** Runs `work` again and again. @returns ends it */
  readonly every: (everyMs: number, work: () => void) => () => void;
}

/** Keeps a service manager informed: when the agent is ready, reloads and stops, how it is doing, and that its loop is alive. */
export class ServiceReport {
  readonly #dependencies: ServiceReportDependencies;
  readonly #ends: (() => void)[] = [];
  #status: string | null = null;
  #takenBefore = Number.NEGATIVE_INFINITY;

  constructor(dependencies: ServiceReportDependencies) {
    this.#dependencies = dependencies;
  }

  /** Clients can connect. */
  ready(): void {
    const { every, notifier, watchdogMs } = this.#dependencies;
    notifier.ready();
    this.#reportStatus();
    this.#ends.push(every(limits.serviceStatusMs, () => this.#reportStatus()));
    if (watchdogMs !== null) this.#ends.push(every(watchdogMs / limits.signsPerWatchdog, () => this.#reportLife()));
  }

  reload(phase: 'begins' | 'over'): void {
    const { notifier } = this.#dependencies;
    if (phase === 'begins') notifier.reloading();
    else notifier.ready();
  }

  stopping(): void {
    this.#dependencies.notifier.stopping();
  }

  end(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #reportStatus(): void {
    const { notifier, verdict } = this.#dependencies;
    const text = verdict();
    if (text === this.#status) return;
    this.#status = text;
    notifier.status(text);
  }

  /** Alive is a loop that has taken an event since the last sign. One that waits for its journal is reported, and a restart would not help. */
  #reportLife(): void {
    const { loop, notifier } = this.#dependencies;
    const taken = loop.eventsTaken();
    if (taken > this.#takenBefore || loop.isStalled()) notifier.alive();
    this.#takenBefore = taken;
    loop.offer({ kind: 'tick' });
  }
}
