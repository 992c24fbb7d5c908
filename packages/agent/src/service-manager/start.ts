import { viewRoute } from '@sluice/core';
import { systemClock } from '../clock.ts';
import type { Log } from '../log/log.ts';
import type { Loop } from '../loop.ts';
import { verdictOf } from '../serve/views.ts';
import type { NotifyEnvironment } from './environment.ts';
import { SystemdNotifier } from './notify.ts';
import { ServiceReport } from './report.ts';

/** Returns the reports to the service manager, or null if none listens. */
export function startServiceReport(notify: NotifyEnvironment | null, loop: Loop, log: Log): ServiceReport | null {
  if (notify === null) return null;
  const { state } = loop;
  const verdict = (): string => {
    const views = [...state.routes.values()].map((route) => viewRoute(state, route));
    return verdictOf(views, systemClock.wall(), loop.isStalled()).text;
  };
  const notifier = new SystemdNotifier({ socket: notify.socket, log: (text) => log.warn(text) });
  return new ServiceReport({ notifier, watchdogMs: notify.watchdogMs, loop, verdict, every });
}

/** @returns a function that ends it */
function every(everyMs: number, work: () => void): () => void {
  const timer = setInterval(work, everyMs);
  return () => clearInterval(timer);
}
