import type { InQueueFile, ReadyFile } from '../file.ts';
import type { RouteState } from '../state.ts';
import type { Work } from '../work.ts';
import { enqueue, isStillGrowing } from './enqueue.ts';
import { freeLanes } from './lanes.ts';
import { startPreflight } from './queued.ts';

/** Moves what may move: READY files into a short queue, queued ones onto free lanes. Recordings first, then oldest first. */
export function pursueQueue(work: Work, route: RouteState): void {
  if (route.gate.state !== 'open' || work.state.stopping !== null || isHeld(work, route)) return;
  fillQueue(work, route);
  fillLanes(work, route);
}

function isHeld(work: Work, route: RouteState): boolean {
  return route.hold !== null && (route.hold.until === null || route.hold.until > work.wall);
}

/** Fewer than twice the lanes are queued: what is queued has been promised an order. */
function fillQueue(work: Work, route: RouteState): void {
  const room = {
    stable: 2 * work.state.settings.lanes - queued(work, route, false),
    growing: 2 * work.state.settings.growingLanes - queued(work, route, true),
  };
  for (const id of route.movable) {
    if (room.stable <= 0 && room.growing <= 0) return;
    const file = work.state.files.get(id) as ReadyFile;
    const lane = isStillGrowing(route, file) ? 'growing' : 'stable';
    if (room[lane] <= 0) continue;
    room[lane] -= 1;
    enqueue(work, route, file);
  }
}

function queued(work: Work, route: RouteState, growing: boolean): number {
  let count = 0;
  for (const id of route.byStatus.IN_QUEUE) if ((work.state.files.get(id) as InQueueFile).growing === growing) count += 1;
  return count;
}

function fillLanes(work: Work, route: RouteState): void {
  const free = freeLanes(work.state, route);
  for (const id of [...route.byStatus.IN_QUEUE]) {
    const file = work.state.files.get(id);
    if (file?.status !== 'IN_QUEUE' || file.copyId !== null) continue;
    const lane = file.growing ? 'growing' : 'stable';
    if (free[lane] <= 0) continue;
    free[lane] -= 1;
    startPreflight(work, route, file);
  }
}
