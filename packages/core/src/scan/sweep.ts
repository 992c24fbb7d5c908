import type { Event } from '../event.ts';
import { sweepId } from '../ids.ts';
import { limits } from '../limits.ts';
import { type RouteState, routeOf } from '../state.ts';
import { ask, note, noteRoute, type Work } from '../work.ts';

/** Parts of ended attempts are removed again later: a late call of a dead child may have recreated one. */
export function pursueSweeps(work: Work, route: RouteState): void {
  if (route.gate.state !== 'open' || route.gate.place === null) return;
  const due = route.sweeps.filter((sweep) => sweep.dueAt <= work.at);
  if (due.length === 0) return;
  route.sweeps = route.sweeps.filter((sweep) => sweep.dueAt > work.at);
  for (const sweep of due) {
    const file = work.state.files.get(sweep.fileId);
    if (file === undefined || file.leftParts.length === 0) continue;
    const id = sweepId(work.ids.fresh());
    route.sweeping.set(id, file.id);
    noteRoute(work, route, 'note', 'parts to be removed', { parts: file.leftParts });
    const { place } = route.gate;
    ask(work, { kind: 'remove_parts', route: route.settings.name, sweepId: id, parts: file.leftParts, place });
    const nextMs = limits.sweepAgainMs[sweep.round + 1];
    if (nextMs !== undefined) route.sweeps.push({ ...sweep, dueAt: work.at + nextMs, round: sweep.round + 1 });
  }
}

/** When this route's sweeping next wants a tick. */
export function sweepWake(route: RouteState): number {
  if (route.gate.state !== 'open') return Number.POSITIVE_INFINITY;
  return route.sweeps.reduce((soonest, sweep) => Math.min(soonest, sweep.dueAt), Number.POSITIVE_INFINITY);
}

/** The destination is back: what earlier attempts left hidden is removed now. */
export function sweepSoon(work: Work, route: RouteState): void {
  route.sweeps = route.sweeps.map((sweep) => ({ ...sweep, dueAt: work.at }));
}

export function partsRemoved(work: Work, event: Extract<Event, { kind: 'parts_removed' }>): void {
  const route = routeOf(work.state, event.route);
  const id = route.sweeping.get(event.sweepId);
  route.sweeping.delete(event.sweepId);
  const file = id === undefined ? undefined : work.state.files.get(id);
  if (file === undefined) return;
  const isOver = !route.sweeps.some((sweep) => sweep.fileId === file.id) && event.kept.length === 0;
  note(work, isOver ? { ...file, leftParts: [] } : file, 'parts removed', { removed: event.removed, kept: event.kept });
}
