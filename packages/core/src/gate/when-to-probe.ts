import type { Status } from '../model/file.ts';
import { type FileId, probeId } from '../model/ids.ts';
import { roomShort } from '../state/space-shortage.ts';
import { type RouteState } from '../state/state.ts';
import { ask, type Work } from '../state/work.ts';
import { pursuePrepare, waitsForPrepare } from './before-probe.ts';
import { silence } from './probe-answers.ts';

/** Sends a probe if one is due. Closes the gate if a probe was not answered before its deadline. */
export function pursueGate(work: Work, route: RouteState): void {
  const { gate } = route;
  if (gate.outstanding !== null && work.at >= silentAt(route)) silence(work, route);
  const isAsked = gate.askedAt !== null;
  if (gate.outstanding !== null || !(isAsked || work.at >= gate.nextProbeAt)) return;
  pursuePrepare(work, route);
  if (work.at >= (waitsForPrepare(route) ?? work.at)) send(work, route);
}

function send(work: Work, route: RouteState): void {
  const { gate, settings } = route;
  const id = probeId(work.ids.fresh());
  const writes = hasToWrite(work, route);
  gate.outstanding = { probeId: id, sentAt: work.at };
  gate.preparing.isProbed = true;
  gate.askedAt = null;
  ask(work, {
    kind: 'probe',
    route: settings.name,
    probeId: id,
    expectedMarker: gate.marker,
    plainFolderMeant: gate.plainFolderMeant,
    writes,
  });
}

const underWay = ['IN_QUEUE', 'COPYING', 'GROWING_COPY', 'VERIFYING', 'WAITING_FOR_NETWORK'] as const satisfies readonly Status[];

/**
 * Returns whether a probe has to create a file. It need not while the destination is online and no file waits for it: a file for
 * every probe fills the recycle bin of a server and keeps its disks awake. An error that only a write finds is then found when a
 * file arrives.
 */
function hasToWrite(work: Work, route: RouteState): boolean {
  const { gate, space, byStatus } = route;
  if (gate.state === 'closed' || gate.askedAt !== null || space.isFull) return true;
  if (underWay.some((status) => byStatus[status].size > 0)) return true;
  // They were refused although there is room for their bytes: a quota is used up, or the number of files.
  if (byStatus.WAITING_FOR_SPACE.size > 0 && roomShort(work.state, route) === null) return true;
  if (route.hold !== null) return false;
  if (route.movable.size > 0 || byStatus.DISCOVERED.size > 0) return true;
  for (const id of byStatus.GROWING) if (mayRest(work, id)) return true;
  return false;
}

/** Returns whether a GROWING file may still settle. A stuck file needs a person; nothing is copied from it. */
function mayRest({ state }: Work, id: FileId): boolean {
  const file = state.files.get(id);
  return file?.status === 'GROWING' && !file.stuck;
}

/**
 * Returns when the unanswered probe counts as silent. Load is not an outage: while a copy gets answers from the destination, the
 * probe may take longer.
 */
function silentAt(route: RouteState): number {
  const sentAt = route.gate.outstanding?.sentAt ?? 0;
  const { deadlineMs } = route.settings.probe;
  return Math.max(sentAt, route.gate.lastSignAt, route.gate.resumedAt) + deadlineMs;
}

/** Returns when this gate next needs a `tick`. Monotonic milliseconds. */
export function gateWake(route: RouteState): number {
  const { gate } = route;
  if (gate.outstanding !== null) return silentAt(route);
  return Math.max(gate.askedAt ?? gate.nextProbeAt, waitsForPrepare(route) ?? Number.NEGATIVE_INFINITY);
}

/** Gives the probe its whole deadline again: it was sent only now, or its answer has not been read. */
export function waitAgain(work: Work, { gate }: RouteState): void {
  gate.resumedAt = work.at;
}
