import type { Config } from '@sluice/config';
import type { ConditionJson } from '@sluice/control';
import type { AgentCondition } from '@sluice/core';
import { makeSystemTimer, systemClock } from '../clock.ts';
import type { Hooks } from '../hooks/hooks.ts';
import type { Log } from '../log/log.ts';
import { StallReport } from './stall.ts';
import { StateDisk } from './state-disk.ts';

/** The parts of the agent that watching itself uses. */
export interface OwnConditionsDependencies {
  /** Returns the configuration that counts now. */
  readonly config: () => Pick<Config, 'agent'>;
  readonly stateDir: string;
  readonly hooks: Pick<Hooks, 'begin' | 'over'>;
  readonly log: Log;
}

/**
 * Watches the conditions of the agent itself that need a person: a journal that cannot be written, and a nearly full disk of the
 * state folder.
 */
export class OwnConditions {
  readonly stall: StallReport;
  readonly #stateDisk: StateDisk;

  constructor({ config, stateDir, hooks, log }: OwnConditionsDependencies) {
    const callsFor = (kind: AgentCondition['kind']) => ({
      clock: systemClock,
      makeTimer: makeSystemTimer,
      log: (level: 'info' | 'warn' | 'error', text: string) => log[level](text),
      call: (condition: AgentCondition) => hooks.begin(condition),
      over: (forMs: number) => hooks.over(kind, forMs),
    });
    this.stall = new StallReport({
      ...callsFor('journal_not_writable'),
      get callAfterMs() {
        return config().agent.attentionAfterMs;
      },
    });
    this.#stateDisk = new StateDisk({ ...callsFor('state_disk_nearly_full'), stateDir });
  }

  /** Returns the present conditions. */
  view(): readonly ConditionJson[] {
    return [this.stall.view(), this.#stateDisk.view()].filter((each) => each !== null);
  }

  /** Stops watching. */
  end(): void {
    this.stall.end();
    this.#stateDisk.end();
  }
}
