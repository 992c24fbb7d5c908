import type { Config } from '@sluice/config';
import { makeSystemTimer, systemClock } from '../clock.ts';
import type { Log } from '../log/log.ts';
import { type LoadAgain, Reloader, type ReloaderDependencies } from './reloader.ts';

/** What the options of an agent say about reloads. */
interface ReloadOptions {
  readonly config: Config;
  readonly log: Log;
  /** Absent: the agent cannot read its configuration again. */
  readonly loadAgain?: LoadAgain;
  readonly onConfigured?: (config: Config) => void;
}

type Parts = Pick<ReloaderDependencies, 'claims' | 'state' | 'settingsOf' | 'offer' | 'isStalled' | 'onConfigured' | 'onPhase'>;

/** Creates what takes over a configuration that is read again, by the clock of the system. */
export function createReloader({ config, log, loadAgain, onConfigured }: ReloadOptions, parts: Parts): Reloader {
  return new Reloader({
    ...parts,
    config,
    load: loadAgain ?? null,
    clock: systemClock,
    makeTimer: makeSystemTimer,
    log: (level, text) => log[level](text),
    onConfigured: (next) => {
      onConfigured?.(next);
      parts.onConfigured(next);
    },
  });
}
