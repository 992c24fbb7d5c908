import type { CoreState, RouteState } from '../state/state.ts';

/** Running copies by the kind of lane they hold; a file that is being checked holds one already. */
function lanesInUse(state: CoreState, route: RouteState): { stable: number; growing: number } {
  let stable = route.byStatus.COPYING.size;
  let growing = route.byStatus.GROWING_COPY.size;
  for (const id of route.byStatus.VERIFYING) {
    const file = state.files.get(id);
    if (file?.status === 'VERIFYING' && file.growing) growing += 1;
    else stable += 1;
  }
  for (const id of route.byStatus.IN_QUEUE) {
    const file = state.files.get(id);
    if (file?.status !== 'IN_QUEUE' || file.copyId === null) continue;
    if (file.growing) growing += 1;
    else stable += 1;
  }
  return { stable, growing };
}

/** Lanes that are free now, by kind. After an outage by silence there are fewer stable ones at first. */
export function freeLanes(state: CoreState, route: RouteState): { stable: number; growing: number } {
  const used = lanesInUse(state, route);
  return {
    stable: Math.min(state.settings.lanes, route.laneLimit) - used.stable,
    growing: state.settings.growingLanes - used.growing,
  };
}

export function growingLaneIsFree(state: CoreState, route: RouteState): boolean {
  return freeLanes(state, route).growing > 0;
}
