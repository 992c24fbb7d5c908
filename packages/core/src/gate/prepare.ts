import { limits } from '../model/limits.ts';
import type { RouteState } from '../state/state.ts';
import { ask, type Work } from '../state/work.ts';

/**
 * Asks for the operator's command `before_probe` where one is due: while the destination is offline, at most once a minute. It is
 * due before the first probe of a destination that is not known yet: the folder at its path may be another one until it is mounted.
 */
export function pursuePrepare(work: Work, route: RouteState): void {
  const { gate, settings } = route;
  if (settings.beforeProbe.length === 0 || work.state.stopping !== null || !isDue(route, work.at)) return;
  Object.assign(gate.preparing, { askedAt: work.at, isRunning: true, isProbed: false });
  ask(work, { kind: 'prepare', route: settings.name });
}

function isDue({ gate }: RouteState, at: number): boolean {
  const { askedAt, isRunning, isProbed } = gate.preparing;
  // A command that takes longer than a minute would be run again and again, and nothing ever probed.
  if (gate.state === 'open' || isRunning || !isProbed || at < askedAt + limits.prepareEveryMs) return false;
  return gate.marker === null || gate.finding.kind !== 'not_probed';
}

/** Returns until when the next probe waits for the command that runs; null where none does. Monotonic milliseconds. */
export function waitsForPrepare({ gate }: RouteState): number | null {
  const { askedAt, isRunning } = gate.preparing;
  if (!isRunning || gate.state === 'open') return null;
  return askedAt + (gate.marker === null ? limits.prepareLastMs : limits.prepareWaitMs);
}

/** The command has ended: the destination is probed now. */
export function prepared({ gate }: RouteState): void {
  gate.preparing.isRunning = false;
  if (gate.state === 'closed') gate.nextProbeAt = Number.NEGATIVE_INFINITY;
}
