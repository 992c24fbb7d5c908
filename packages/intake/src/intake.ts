import { runChild } from '@sluice/child';
import type { RouteSettings } from '@sluice/core/model';
import { settleAtRoot } from '@sluice/platform';
import { limits } from './limits.ts';
import type { ConfigureIntake, IntakeChannel, IntakeCommand, IntakeInit, IntakeMessage } from './messages.ts';
import { OutstandingCall } from './outstanding-call.ts';
import { Reports } from './reports.ts';
import { createRules } from './rules/rules.ts';
import { checkPaths, type ScanDependencies, SourceMemory, scanSource } from './scan/scan.ts';
import { SourceWatch } from './watch.ts';

/** Runs the intake process, which reads one source and never writes to it, until its channel closes. */
export function runIntake(): void {
  settleAtRoot();
  runChild<IntakeInit, IntakeCommand | ConfigureIntake, IntakeMessage>(serveIntake);
}

/** Does the work of the intake process on any channel. */
export function serveIntake({ route }: IntakeInit, channel: IntakeChannel): void {
  const intake = new Intake(route, channel);
  channel.onMessage((command) => {
    if (command.kind === 'configure') intake.configure(command.route);
    else intake.enqueue(command);
  });
}

/** Carries out commands one at a time. Changes are reported before the answer that depends on them. */
class Intake {
  readonly #channel: IntakeChannel;
  readonly #waiting: IntakeCommand[] = [];
  readonly #call = new OutstandingCall();
  readonly #reports: Reports;
  #dependencies: ScanDependencies;

  constructor(route: RouteSettings, channel: IntakeChannel) {
    const onCall = (): void => this.#call.restart();
    const rules = createRules(route);
    const reports = new Reports(route, channel, onCall);
    const watch = new SourceWatch(route.source, rules, reports);
    this.#channel = channel;
    this.#reports = reports;
    this.#dependencies = { route, rules, memory: new SourceMemory(), reports, watch, onCall };
    channel.closed.addEventListener('abort', () => watch.stop());
    channel.setActivity(() => {
      const call = this.#call.current();
      return call === null ? null : { operation: call.operation, side: 'source', sinceMs: call.sinceMs };
    });
  }

  enqueue(command: IntakeCommand): void {
    this.#waiting.push(command);
    if (this.#call.current() !== null || this.#waiting.length > 1) return;
    this.#performWaiting().catch((error: unknown) => {
      // If the channel has closed, the process is ending. Anything else is a programming error.
      if (this.#channel.isOpen()) throw error;
    });
  }

  /** What is being listed is listed as it was begun. */
  configure(route: RouteSettings): void {
    this.#dependencies = { ...this.#dependencies, route };
  }

  /** The source's silence is watched only meanwhile: a process at rest is not woken. */
  async #performWaiting(): Promise<void> {
    const timer = setInterval(() => this.#reportSilence(), limits.silenceEveryMs);
    const end = (): void => clearInterval(timer);
    this.#channel.closed.addEventListener('abort', end);
    try {
      await this.#performAll();
    } finally {
      end();
      this.#channel.closed.removeEventListener('abort', end);
    }
  }

  async #performAll(): Promise<void> {
    for (let command = this.#waiting.shift(); command !== undefined; command = this.#waiting.shift()) {
      this.#call.begin(command.kind);
      if (command.kind === 'list_source') await scanSource(this.#dependencies, command);
      else await checkPaths(this.#dependencies, command);
      this.#call.end();
    }
  }

  #reportSilence(): void {
    const call = this.#call.current();
    // A source may leave a call unanswered for as long as a destination may leave a probe.
    const { stallAfterMs, probe } = this.#dependencies.route;
    if (call === null || this.#reports.isSending() || call.sinceMs < Math.max(stallAfterMs, probe.deadlineMs)) return;
    this.#reports.silence();
  }
}
