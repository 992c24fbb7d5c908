import type { Log } from '../log/log.ts';
import type { Loop } from '../loop.ts';
import type { NotifyEnvironment } from './environment.ts';
import { SystemdNotifier } from './notify.ts';
import { ServiceReport } from './report.ts';

/**
 * Returns the reports to the service manager, or null if none listens.
 * @param verdict returns the state of the agent in one line
 */
export function startServiceReport(
  notify: NotifyEnvironment | null,
  loop: Pick<Loop, 'offer' | 'isStalled' | 'eventsTaken'>,
  verdict: () => string,
  log: Log,
): ServiceReport | null {
  if (notify === null) return null;
  const notifier = new SystemdNotifier({ socket: notify.socket, log: (text) => log.warn(text) });
  return new ServiceReport({ notifier, watchdogMs: notify.watchdogMs, loop, verdict, every });
}

/** @returns ends it */
function every(everyMs: number, work: () => void): () => void {
  const timer = setInterval(work, everyMs);
  return () => clearInterval(timer);
}
