import { spawn } from 'node:child_process';
import process from 'node:process';
import { isDeno } from '@sluice/platform';
import { clean } from '@sluice/words';
import { limits } from '../limits.ts';

/** What a service manager is informed of. No call waits. */
export interface Notifier {
  /** The agent can be used, and a reload is over. */
  ready(): void;
  reloading(): void;
  stopping(): void;
  /** One line for people. */
  status(text: string): void;
  /** A sign of life for the watchdog. */
  alive(): void;
}

/** What a notifier needs. */
export interface NotifierDependencies {
  /** The value of `NOTIFY_SOCKET`. */
  readonly socket: string;
  readonly log: (text: string) => void;
  /** The program that sends a message; default: `systemd-notify` of the system. */
  readonly program?: string;
}

/** Assignments of one message: `READY`, `STATUS`. */
type Assignments = Record<string, string>;

/**
 * Informs systemd by the program `systemd-notify`, because neither Node nor Deno can send to a Unix datagram socket. It runs for a
 * moment, one at a time; what comes meanwhile is sent together. Without that program, nothing is reported.
 */
export class SystemdNotifier implements Notifier {
  readonly #dependencies: NotifierDependencies;
  readonly #waiting: Assignments[] = [];
  #isRunning = false;
  #isMissing = false;
  #complaint: string | null = null;

  constructor(dependencies: NotifierDependencies) {
    this.#dependencies = dependencies;
  }

  ready(): void {
    this.#push({ READY: '1' });
  }

  /** `MONOTONIC_USEC` is what systemd compares with the moment of its request (`Type=notify-reload`). */
  reloading(): void {
    // Deno counts from the start of the process.
    this.#push({ RELOADING: '1', ...(isDeno() ? {} : { MONOTONIC_USEC: String(process.hrtime.bigint() / 1_000n) }) });
  }

  stopping(): void {
    this.#push({ STOPPING: '1' });
  }

  status(text: string): void {
    this.#merge({ STATUS: clean(text) });
  }

  alive(): void {
    this.#merge({ WATCHDOG: '1' });
  }

  /** Adds to the message that waits, if one does. */
  #merge(assignments: Assignments): void {
    const last = this.#waiting.at(-1);
    if (last === undefined) this.#push(assignments);
    else Object.assign(last, assignments);
  }

  /** A change of the state is a message, so that none overtakes another. */
  #push(assignments: Assignments): void {
    if (this.#isMissing) return;
    this.#waiting.push(assignments);
    if (this.#waiting.length > limits.notesWaiting) this.#waiting.shift();
    this.#sendNext();
  }

  #sendNext(): void {
    const next = this.#isRunning ? undefined : this.#waiting.shift();
    if (next === undefined) return;
    this.#isRunning = true;
    void this.#send(Object.entries(next).map(([name, value]) => `${name}=${value}`)).then((why) => {
      this.#isRunning = false;
      if (why !== null) this.#complain(why);
      this.#sendNext();
    });
  }

  /** @returns why it failed, or null */
  #send(assignments: readonly string[]): Promise<string | null> {
    const { program = 'systemd-notify', socket } = this.#dependencies;
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', NOTIFY_SOCKET: socket };
    return new Promise((resolve) => {
      const child = spawn(program, assignments, { stdio: ['ignore', 'ignore', 'pipe'], env, timeout: limits.notifyDeadlineMs });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-limits.hookDiagnosisLength)));
      child.on('error', (error: NodeJS.ErrnoException) => {
        this.#isMissing = error.code === 'ENOENT';
        resolve(error.code === 'ENOENT' ? 'it is not installed' : error.message);
      });
      child.on('close', (code, signal) => resolve(code === 0 ? null : `${signal ?? `exit ${code}`}: ${said.trim()}`));
    });
  }

  /** Once for each reason. */
  #complain(why: string): void {
    if (why === this.#complaint) return;
    this.#complaint = why;
    this.#dependencies.log(`systemd-notify failed (${why}): the service manager does not know the state of the agent`);
  }
}
