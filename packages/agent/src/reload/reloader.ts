import { type Config, ConfigError, planReload, type ReloadPlan } from '@sluice/config';
import type { ReloadReply } from '@sluice/control';
import type { CoreState } from '@sluice/core';
import type { CoreSettings, RouteName } from '@sluice/core/model';
import { reloadLines } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Clock, Offer, Timer } from '../ports.ts';
import type { RouteClaims } from './claims.ts';

/** Reads the configuration again, from the same file and with the same options. @throws ConfigError */
export type LoadAgain = (again: Config['origin']) => Promise<Config>;

/** What a reload needs. */
export interface ReloaderDependencies {
  /** What the agent started with. */
  readonly config: Config;
  /** Null: this agent cannot read it again. */
  readonly load: LoadAgain | null;
  readonly claims: Pick<RouteClaims, 'claim' | 'release'>;
  readonly state: CoreState;
  readonly settingsOf: (config: Config) => CoreSettings;
  readonly offer: Offer;
  readonly isStalled: () => boolean;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (level: 'info' | 'warn', text: string) => void;
  /** Another configuration is in force. */
  readonly onConfigured: (config: Config) => void;
  /** A reload begins, or is over. */
  readonly onPhase: OnPhase;
}

/** What happens to a reload. */
export type OnPhase = (phase: 'begins' | 'over') => void;

/** A configuration that core has, and the journal not yet. */
interface Pending {
  readonly config: Config;
  readonly done: () => void;
}

/** Takes over a configuration that was read again, as a whole or not at all, while copies run. */
export class Reloader {
  readonly #dependencies: ReloaderDependencies;
  /** Resolved folders of removed routes whose last copies run. */
  readonly #leaving = new Map<RouteName, Config['folders']>();
  #config: Config;
  #pending: Pending | null = null;
  #running: Promise<unknown> = Promise.resolve();
  /** The one that waits for the running one: it reads the file later than everybody asked who shares it. */
  #next: Promise<ReloadReply> | null = null;

  constructor(dependencies: ReloaderDependencies) {
    this.#dependencies = dependencies;
    this.#config = dependencies.config;
  }

  /** What is in force. */
  get config(): Config {
    return this.#config;
  }

  /** One at a time. @param by who asks, for the journal */
  reload(by: string): Promise<ReloadReply> {
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      const reply = this.#reload(by);
      this.#running = reply.catch(() => undefined);
      return reply;
    });
    return this.#next;
  }

  /** What core has been given is committed. */
  configured(): void {
    if (this.#pending === null) return;
    const { config, done } = this.#pending;
    this.#pending = null;
    this.#config = config;
    this.#dependencies.onConfigured(config);
    done();
  }

  /** A removed route is gone: another agent, or another route, may have its folders. */
  routeEnded(route: RouteName): void {
    this.#leaving.delete(route);
    this.#dependencies.claims.release(route);
  }

  async #reload(by: string): Promise<ReloadReply> {
    const { log, onPhase } = this.#dependencies;
    onPhase('begins');
    try {
      const reply = await this.#attempt(by);
      const [first = '', ...more] = reloadLines(reply);
      log(reply.problem === null ? 'info' : 'warn', `${first} (requested by ${by})`);
      for (const line of more) log('info', line.trim());
      return reply;
    } finally {
      onPhase('over');
    }
  }

  async #attempt(by: string): Promise<ReloadReply> {
    const refused = this.#refusal();
    if (refused !== null) return this.#refused(refused);
    try {
      const next = await (this.#dependencies.load as LoadAgain)(this.#config.origin);
      const plan = planReload(this.#config, next, [...this.#leaving.values()].flat());
      if (plan.problems.length > 0) throw new ConfigError(plan.problems);
      this.#assertSameFolders(plan);
      await this.#dependencies.claims.claim(plan.config);
      return await this.#takeOver(plan, by);
    } catch (error) {
      if (error instanceof Error && 'exitCode' in error) return this.#refused(error.message);
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

  /** A route that comes back while its last copies run goes on where they run. @throws ConfigError */
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
      // Routes that leave may still read a source of another.
      const folders = [...config.folders, ...[...this.#leaving.values()].flat()];
      offer({ kind: 'reloaded', settings: settingsOf({ ...config, folders }), by });
      // A journal that stalls now takes it over when it can be written.
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

  #refused(problem: string): ReloadReply {
    return { v: 1, file: this.#config.origin.file, problem, changes: [], added: [], removed: [] };
  }
}
