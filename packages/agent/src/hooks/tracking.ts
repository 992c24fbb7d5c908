import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { RemnantsAnswer, RemnantsInit } from '@sluice/child';
import type { HookName } from '@sluice/core/model';
import type { ChildIdentity } from '@sluice/persistence';
import { identifyProcess, isStillRunning, type Mark, type ProcessIdentity, parentOf } from '@sluice/platform';
import { limits } from '../limits.ts';

/** The variable that all processes of one run of a hook inherit. */
const markVariable = 'SLUICE_HOOK';

/** The hook of the agent, or of a route, as it is journaled with its processes. */
export interface HookOwner {
  readonly hook: HookName;
  /** Null for a hook of the agent. */
  readonly route: string | null;
}

/** Follows the processes of one run of a hook, so that none of them outlives its deadline or the agent. */
export interface Tracked {
  /** Variables for its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** It was started. Not called if it could not be. */
  begun(pid: number): void;
  /** The agent ended it. What left its process group is ended too. */
  ending(): void;
  /** Returns whether that is under way. */
  isEnding(): boolean;
  /** Its process has ended, or could not be started. */
  gone(): void;
  /** Returns whether none of its processes is known to run. */
  hasGone(): boolean;
}

/** A record of the journal: `hook <mark> run|end <name>`, with the route for `before_probe`. */
const recordForm = /^hook (\S+) (run|end) (on_attention|on_done|before_probe)(?: (.*))?$/s;

type EndRemnants = (
  init: RemnantsInit,
  deadlineMs: number,
) => Promise<RemnantsAnswer | { readonly kind: 'unanswered'; readonly why: string }>;

/** The parts of the agent that follow the processes of hooks. */
export interface TrackingDependencies {
  /** Keeps the list of running processes, which survives a crash of the agent. */
  readonly register: {
    born(kind: string, process: { readonly identity: ProcessIdentity | null }): void;
    gone(pid: number): void;
  };
  readonly endRemnants: EndRemnants;
  readonly log: (text: string) => void;
}

/** Follows one run: its process is in the journal while it runs, so that the next life of the agent can end what a crash left. */
export class TrackedRun implements Tracked {
  readonly #owner: HookOwner;
  readonly #dependencies: TrackingDependencies;
  readonly #mark = randomUUID();
  #identity: ProcessIdentity | null = null;
  #isGone = false;
  #isEnding = false;
  #stillThere: readonly ProcessIdentity[] = [];
  readonly #allGone = Promise.withResolvers<void>();

  constructor(owner: HookOwner, dependencies: TrackingDependencies) {
    this.#owner = owner;
    this.#dependencies = dependencies;
  }

  get env(): Readonly<Record<string, string>> {
    return { [markVariable]: this.#mark };
  }

  /** Resolves when none of its processes is known to run. */
  get allGone(): Promise<void> {
    return this.#allGone.promise;
  }

  begun(pid: number): void {
    this.#identity = identifyProcess(pid);
    this.#record('run');
  }

  isEnding(): boolean {
    return this.#isEnding;
  }

  ending(): void {
    if (this.#identity === null) return;
    this.#isEnding = true;
    // Also if the agent is killed meanwhile, its next life ends all of them.
    this.#record('end');
    void this.#endRest({ ...base(this.#mark, this.#identity), group: null, heir: null });
  }

  async #endRest(mark: Mark): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const answer = await this.#dependencies.endRemnants({ marks: [mark] }, limits.remnantsMs);
      if (!('kind' in answer)) {
        this.#stillThere = answer.stillThere.map(({ identity }) => identity);
        this.#isEnding = false;
        return this.#forget();
      }
      if (isFirst)
        this.#dependencies.log(
          `${this.#owner.hook}: processes that it started may still run (${answer.why}): no other is started until they are ended`,
        );
      await pause(limits.remnantsAgainMs, undefined, { ref: false });
    }
  }

  gone(): void {
    this.#isGone = true;
    this.#forget();
  }

  hasGone(): boolean {
    this.#forget();
    return this.#isGone && !this.#isEnding && this.#stillThere.length === 0;
  }

  #record(stage: 'run' | 'end'): void {
    const { hook, route } = this.#owner;
    const kind = `hook ${this.#mark} ${stage} ${hook}${route === null ? '' : ` ${route}`}`;
    this.#dependencies.register.born(kind, { identity: this.#identity });
  }

  #forget(): void {
    this.#stillThere = this.#stillThere.filter(isStillRunning);
    if (!this.#isGone || this.#isEnding || this.#stillThere.length > 0) return;
    // Once: the number may be that of another process later.
    if (this.#identity !== null) this.#dependencies.register.gone(this.#identity.pid);
    this.#identity = null;
    this.#allGone.resolve();
  }
}

/** What is left of the hooks of an earlier life of the agent. */
export interface EarlierHooks {
  /** Records of which nothing runs any more. */
  readonly ended: readonly ChildIdentity[];
  /** The hooks of which processes were ended. */
  readonly hooks: readonly HookOwner[];
  /** Processes that hang in a call of the system. No other process of these hooks is started until they have ended. */
  readonly stillThere: readonly { readonly owner: HookOwner; readonly identity: ProcessIdentity }[];
}

/**
 * Ends what a crash of the agent left of its hooks. If the process of a hook still runs, everything that it started is ended, as at
 * its deadline. If it ended meanwhile, what it left running in its group is ended, as always when a hook ends.
 */
export async function endEarlierHooks(records: readonly ChildIdentity[], endRemnants: EndRemnants): Promise<EarlierHooks> {
  const bootId = identifyProcess(process.pid)?.bootId;
  const runs = records.filter((record) => record.bootId === bootId).flatMap(runOf);
  if (runs.length === 0) return { ended: records, hooks: [], stillThere: [] };
  const ours = runs.filter(({ record }) => isStillRunning(record));
  const marks = runs.map((run): Mark => {
    const isWhole = run.isEnding || ours.includes(run);
    return {
      ...base(run.mark, run.record),
      group: isWhole ? null : run.record.pid,
      heir: ours.includes(run) ? parentOf(run.record.pid) : null,
    };
  });
  for (const { record } of ours) endGroup(record.pid);
  const answer = await endRemnants({ marks }, limits.remnantsMs);
  // The records stay for the next life.
  if ('kind' in answer) {
    const isLeft = (record: ChildIdentity): boolean => runs.some((run) => run.record === record);
    const stillThere = ours.flatMap(({ owner, record }) => (isStillRunning(record) ? [{ owner, identity: record }] : []));
    return { ended: records.filter((record) => !isLeft(record)), hooks: ours.map(({ owner }) => owner), stillThere };
  }
  const left = answer.stillThere;
  const stillThere = runs.flatMap(({ owner, mark, record }) => [
    ...left.flatMap(({ value, identity }) => (value === mark ? [{ owner, identity }] : [])),
    ...(isStillRunning(record) && !left.some(({ identity }) => identity.pid === record.pid) ? [{ owner, identity: record }] : []),
  ]);
  const hanging = new Set(runs.filter(({ owner }) => stillThere.some((each) => each.owner === owner)).map(({ record }) => record));
  const ended = records.filter((record) => !hanging.has(record));
  const hooks = runs.filter((run) => ours.includes(run) || answer.ended.includes(run.mark)).map(({ owner }) => owner);
  return { ended, hooks, stillThere };
}

/** Returns whether a record of the journal is that of a hook. */
export function isHookRecord({ kind }: Pick<ChildIdentity, 'kind'>): boolean {
  return recordForm.test(kind);
}

function runOf(record: ChildIdentity): readonly { owner: HookOwner; mark: string; isEnding: boolean; record: ChildIdentity }[] {
  const [, mark = '', stage, hook, route = null] = recordForm.exec(record.kind) ?? [];
  return hook === undefined ? [] : [{ owner: { hook: hook as HookName, route }, mark, isEnding: stage === 'end', record }];
}

function base(value: string, { startTime }: Pick<ProcessIdentity, 'startTime'>): Pick<Mark, 'variable' | 'value' | 'notBefore'> {
  return { variable: markVariable, value, notBefore: startTime };
}

/** Kills a process group. Not on Windows. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has no process any more.
  }
}
