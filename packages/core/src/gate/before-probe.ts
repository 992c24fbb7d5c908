import { limits } from '../model/limits.ts';
import type { RouteState } from '../state/state.ts';
import { ask, type Work } from '../state/work.ts';

/**
 * Requests the operator's command `before_probe` when it is due: at most once a minute while the destination is offline. Before
 * the first probe it is due only for a destination that has no known marker, because another folder may be at its path until the
 * destination is mounted.
 */
export function pursuePrepare(work: Work, route: RouteState): void {
  const { gate, settings } = route;
  const [program] = settings.beforeProbe;
  if (program === undefined || work.state.stopping !== null || !isDue(route, work.at)) return;
  Object.assign(gate.preparing, { program, askedAt: work.at, askedWall: work.wall, isRunning: true, isProbed: false });
  ask(work, { kind: 'prepare', route: settings.name, isAwaited: gate.marker === null });
}

function isDue({ gate }: RouteState, at: number): boolean {
  const { askedAt, isRunning, isProbed } = gate.preparing;
  // The command is not due again before a probe has followed. Otherwise a command that takes longer than a minute would run again
  // and again without a probe.
  if (gate.state === 'open' || isRunning || !isProbed || at < askedAt + limits.prepareEveryMs) return false;
  return gate.marker === null || gate.finding.kind !== 'not_probed';
}

/** Returns until when the next probe waits for the running command. Monotonic milliseconds; null: it does not wait. */
export function waitsForPrepare({ gate, settings }: RouteState): number | null {
  const { askedAt, isRunning } = gate.preparing;
  // A command that a reload has taken out of the settings may go on, and is not waited for.
  if (!isRunning || gate.state === 'open' || settings.beforeProbe.length === 0) return null;
  return askedAt + (gate.marker === null ? limits.prepareLastMs : limits.prepareWaitMs);
}

/** Handles the end of the command: the destination is probed now. */
export function prepared({ gate }: RouteState): void {
  gate.preparing.isRunning = false;
  if (gate.state === 'closed') gate.nextProbeAt = Number.NEGATIVE_INFINITY;
}
