import type { Config } from '@sluice/config';
import type { CoreState } from '@sluice/core';
import type { WritableJournal } from '@sluice/persistence';
import { makeSystemTimer, systemClock } from './clock.ts';
import type { Log } from './log/log.ts';
import { MetricsFile } from './metrics/file.ts';
import { startPruning } from './pruning.ts';

const dayMs = 86_400_000;

/** What the upkeep needs. */
export interface UpkeepDependencies {
  readonly config: Config;
  readonly journal: WritableJournal;
  readonly state: CoreState;
  /** The figures for Prometheus. */
  readonly metrics: () => string;
  readonly log: Log;
}

/** What the agent does again and again by itself: it prunes the journal and writes the file of metrics. */
export class Upkeep {
  readonly #dependencies: UpkeepDependencies;
  readonly #endPruning: () => void;
  #path: string | null = null;
  #file: MetricsFile | null = null;

  constructor(dependencies: UpkeepDependencies) {
    const { config, journal, state, log } = dependencies;
    this.#dependencies = dependencies;
    this.#endPruning = startPruning({
      journal,
      state,
      clock: systemClock,
      makeTimer: makeSystemTimer,
      keepMs: config.journal.keepDays * dayMs,
      log: (level, text) => log[level](text),
    });
    this.configure(config);
  }

  /** Another configuration is in force. */
  configure({ agent }: Config): void {
    if (agent.metricsFile === this.#path) return;
    const { metrics, log } = this.#dependencies;
    this.#file?.end();
    this.#path = agent.metricsFile;
    const path = agent.metricsFile;
    const common = { text: metrics, clock: systemClock, makeTimer: makeSystemTimer };
    this.#file = path === null ? null : new MetricsFile({ path, ...common, log: (level, line) => log[level](line) });
  }

  end(): void {
    this.#endPruning();
    this.#file?.end();
  }
}
