import { type Config, ConfigError, planReload, type ReloadPlan } from '@sluice/config';
import type { RefusedReload, ReloadReply } from '@sluice/control';
import type { CoreState, Operator } from '@sluice/core';
import type { CoreSettings, RouteName } from '@sluice/core/model';
import { reloadLines } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Clock, Offer, Timer } from '../ports.ts';
import type { RouteClaims } from './claims.ts';

/** Reads the configuration again, from the same file and with the same options. @throws ConfigError */
export type LoadAgain = (again: Config['origin']) => Promise<Config>;

/** The parts of the agent that a reload uses. */
export interface ReloaderDependencies {
  /** The configuration at the start. */
  readonly config: Config;
  /** Null: this agent cannot read its configuration again. */
  readonly load: LoadAgain | null;
  readonly claims: Pick<RouteClaims, 'claim' | 'release'>;
  readonly state: CoreState;
  readonly settingsOf: (config: Config) => CoreSettings;
  readonly offer: Offer;
  readonly isStalled: () => boolean;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (level: 'info' | 'warn', text: string) => void;
  /** Called when another configuration is in force. */
  readonly onConfigured: (config: Config) => void;
  /** Called when a reload begins and when it ends. */
  readonly onPhase: OnPhase;
}

/** Receives the phases of a reload. */
export type OnPhase = (phase: 'begins' | 'over') => void;

/** A configuration that core has got and the journal has not committed yet. */
interface Pending {
  readonly config: Config;
  readonly done: () => void;
}

/** Applies a configuration that was read again, as a whole or not at all, while copies run. */
export class Reloader {
  readonly #dependencies: ReloaderDependencies;
  /** Resolved folders of removed routes whose last copies still run. */
  readonly #leaving = new Map<RouteName, Config['folders']>();
  #config: Config;
  #refused: RefusedReload | null = null;
  #pending: Pending | null = null;
  #running: Promise<unknown> = Promise.resolve();
  /** The reload that waits for the running one. It reads the file after every request that shares it. */
  #next: Promise<ReloadReply> | null = null;

  constructor(dependencies: ReloaderDependencies) {
    this.#dependencies = dependencies;
    this.#config = dependencies.config;
  }

  /** The last reload, if it was refused. Null: it was not, or there was none. */
  get refused(): RefusedReload | null {
    return this.#refused;
  }

  /** The configuration in force. */
  get config(): Config {
    return this.#config;
  }

  /** Reloads, one at a time. @param who requests it, for the journal */
  reload(who: Operator): Promise<ReloadReply> {
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      const reply = this.#reload(who);
      this.#running = reply.catch(() => undefined);
      return reply;
    });
    return this.#next;
  }

  /** Called when the configuration that core has got is committed. */
  configured(): void {
    if (this.#pending === null) return;
    const { config, done } = this.#pending;
    this.#pending = null;
    this.#config = config;
    this.#dependencies.onConfigured(config);
    done();
  }

  /** Called when a removed route has ended. Its folders are then free for another agent or route. */
  routeEnded(route: RouteName): void {
    this.#leaving.delete(route);
    this.#dependencies.claims.release(route);
  }

  async #reload(who: Operator): Promise<ReloadReply> {
    const { onPhase } = this.#dependencies;
    onPhase('begins');
    try {
      const reply = await this.#attempt(byText(who));
      this.#report(reply, who);
      return reply;
    } finally {
      onPhase('over');
    }
  }

  /** Journals how the reload ended. The log prints the record, and here the values of each change. */
  #report(reply: ReloadReply, who: Operator): void {
    const { clock, isStalled, log, offer } = this.#dependencies;
    const { added, changes, file, problem, removed } = reply;
    this.#refused = problem === null ? null : { at: new Date(clock.wall()).toISOString(), by: who.by, problem };
    const [first = '', ...more] = reloadLines(reply);
    if (isStalled()) log('warn', `${first} (requested by ${byText(who)})`);
    for (const line of more) log('info', line.trim());
    offer({
      kind: 'reload_ended',
      by: who.by,
      reason: who.reason,
      file,
      problem,
      changes: changes.length + added.length + removed.length,
      waiting: changes.filter(({ needsRestart }) => needsRestart !== null).length,
      ofAgent: changes.flatMap(({ key, route }) => (route === null ? [key] : [])),
    });
  }

  async #attempt(by: string): Promise<ReloadReply> {
    const refused = this.#refusal();
    if (refused !== null) return this.#refuse(refused);
    try {
      const next = await (this.#dependencies.load as LoadAgain)(this.#config.origin);
      const plan = planReload(this.#config, next, [...this.#leaving.values()].flat());
      if (plan.problems.length > 0) throw new ConfigError(plan.problems);
      this.#assertSameFolders(plan);
      await this.#dependencies.claims.claim(plan.config);
      return await this.#takeOver(plan, by);
    } catch (error) {
      if (error instanceof Error && 'exitCode' in error) return this.#refuse(error.message);
      throw error;
    }
  }

  #refusal(): string | null {
    const { isStalled, load, state } = this.#dependencies;
    if (load === null || this.#config.origin.file === null)
      return 'this agent was started with --from and --to and has no sluice.toml to read again: stop it, and start it with other options';
    if (state.stopping !== null) return 'the agent is stopping';
    return isStalled() ? 'the journal cannot be written now, so the change could not be recorded: try again when it can' : null;
  }

  /** A route that is added again while its last copies run must have the same folders. @throws ConfigError */
  #assertSameFolders({ added, config }: ReloadPlan): void {
    for (const route of config.routes) {
      const before = this.#dependencies.state.routes.get(route.name);
      if (!added.includes(route.name) || before === undefined) continue;
      const { destination, guard, source } = before.settings;
      if (source === route.source && destination === route.destination && guard === route.guard) continue;
      const text = `route "${route.name}" was removed before, and its last copies from ${source} to ${destination} still run: reload again when they have ended`;
      throw new ConfigError([{ file: config.origin.file, line: null, verb: 'use', text }]);
    }
  }

  async #takeOver(plan: ReloadPlan, by: string): Promise<ReloadReply> {
    const { config, removed } = plan;
    const { clock, makeTimer, offer, settingsOf, state } = this.#dependencies;
    const reply = this.#replyOf(plan);
    for (const name of plan.added) this.#leaving.delete(name);
    for (const name of removed) {
      if (state.routes.has(name))
        this.#leaving.set(
          name,
          this.#config.folders.filter(({ route }) => route === name),
        );
    }
    await new Promise<void>((resolve) => {
      const timer = makeTimer(resolve);
      const done = (): void => {
        timer.clear();
        resolve();
      };
      this.#pending = { config, done };
      // Removed routes whose last copies run may still read the source of another route.
      const folders = [...config.folders, ...[...this.#leaving.values()].flat()];
      offer({ kind: 'reloaded', settings: settingsOf({ ...config, folders }), by });
      // If the journal stalls now, it takes the configuration when it can be written again.
      timer.set(clock.monotonic() + limits.reloadCommitMs);
    });
    return reply;
  }

  #replyOf({ changes, added, removed }: ReloadPlan): ReloadReply {
    const { state } = this.#dependencies;
    const copying = (name: RouteName): number => {
      const byStatus = state.routes.get(name)?.byStatus;
      return byStatus === undefined ? 0 : byStatus.COPYING.size + byStatus.GROWING_COPY.size + byStatus.VERIFYING.size;
    };
    const left = removed.map((name) => ({ route: name, copying: copying(name) }));
    return { v: 1, file: this.#config.origin.file, problem: null, changes, added, removed: left };
  }

  #refuse(problem: string): ReloadReply {
    return { v: 1, file: this.#config.origin.file, problem, changes: [], added: [], removed: [] };
  }
}

/** Returns the operator and the reason as one text. */
function byText({ by, reason }: Operator): string {
  return reason === null || reason === '' ? by : `${by}: ${reason}`;
}
