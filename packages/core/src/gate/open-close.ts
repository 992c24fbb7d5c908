import { sweepSoon } from '../leftovers.ts';
import type { Finding } from '../model/fault.ts';
import type { GateCause } from '../model/probe.ts';
import type { RouteState } from '../state/state.ts';
import { ask, noteGate, refresh, type Work } from '../state/work.ts';
import { leaveQueue } from '../states/queued.ts';
import { becomeReady } from '../states/ready.ts';
import { interrupt } from '../states/suspicion.ts';
import { askPublishAgain } from '../states/verifying.ts';
import { noteClosing } from './flapping.ts';

/** Why a gate closes. */
export interface ClosingReason {
  readonly cause: GateCause;
  readonly code: string;
  readonly finding: Finding;
}

/** Limits the lanes after a silence. Copies start with one lane, and the limit doubles with each finished file. */
export function limitLanes(route: RouteState, cause: GateCause): void {
  if (cause === 'timeout' || cause === 'hung') route.laneLimit = 1;
}

/** Closes the gate: every copy to the destination fails at once, and queued files wait again. */
export function closeGate(work: Work, route: RouteState, reason: ClosingReason): void {
  const { gate } = route;
  const { cause, code, finding } = reason;
  Object.assign(gate, { state: 'closed', since: work.wall, cause, code, finding, goodSince: null });
  route.laneLimit = Number.POSITIVE_INFINITY;
  limitLanes(route, cause);
  noteClosing(route, work.at);
  noteGate(work, route);
  interrupt(work, route);
  for (const id of [...route.byStatus.IN_QUEUE]) {
    const file = work.state.files.get(id);
    if (file?.status === 'IN_QUEUE') leaveQueue(work, file, { kind: 'destination_offline' });
  }
  // A recording that waits as READY is watched, so that it is known whether it still grows.
  for (const id of [...route.byStatus.WAITING_FOR_NETWORK]) {
    const file = work.state.files.get(id);
    if (file?.status === 'WAITING_FOR_NETWORK' && file.growing) becomeReady(work, file, { growing: true }, { kind: 'destination_offline' });
  }
  ask(work, { kind: 'end_carrier', route: route.settings.name });
}

/** Opens the gate: waiting files move, and the destination is asked about files that were being published. */
export function openGate(work: Work, route: RouteState): void {
  const { gate } = route;
  Object.assign(gate, { state: 'open', since: work.wall, cause: null, code: null, finding: { kind: 'answers' } });
  noteGate(work, route);
  for (const id of [...route.byStatus.VERIFYING]) {
    const file = work.state.files.get(id);
    if (file?.status === 'VERIFYING' && file.publishing.step !== 'none') askPublishAgain(work, route, file);
  }
  for (const id of [...route.byStatus.WAITING_FOR_NETWORK]) {
    const file = work.state.files.get(id);
    if (file?.status === 'WAITING_FOR_NETWORK') refresh(work, { ...file, networkTries: 0, retryAt: work.wall });
  }
  // A link that failed at the start of an outage does not show that the destination refuses links.
  route.linksRefused = false;
  // The destination may be another filesystem now, or a changed one.
  route.fileBytes = Number.POSITIVE_INFINITY;
  route.marking.clear();
  route.removingLeftover.clear();
  sweepSoon(work, route);
}
