import type { Event } from '../messages/event.ts';
import type { WaitingForSpaceFile } from '../model/file.ts';
import type { RouteName } from '../model/ids.ts';
import type { RouteSettings } from '../model/settings.ts';
import { isRemoving } from '../removal/removal.ts';
import { emptyRoute } from '../state/route-state.ts';
import { forgetRoute, type RouteState, routeOf } from '../state/state.ts';
import { ask, noteRoute, refresh, runningFiles, type Work, wakeAt } from '../state/work.ts';
import { isUnsettled, watchOn } from '../states/growing.ts';
import { leaveQueue } from '../states/queued.ts';
import { configured, mayStillEnd, recallRoutes, resumeRoute } from './lifecycle.ts';

/**
 * Takes over settings that were read again. Running copies go on. A route that is not among them starts nothing new, and goes when its
 * last copy has ended. A route that comes goes on with what the journal has of it.
 */
export function reloaded(work: Work, { settings, by }: Extract<Event, { kind: 'reloaded' }>): void {
  const { state } = work;
  state.settings = settings;
  // Requested first, before any of them gets an order.
  ask(work, { kind: 'configure_routes', routes: settings.routes });
  const present = new Map(settings.routes.map((route) => [route.name, route]));
  for (const route of state.routes.values()) {
    const own = present.get(route.settings.name);
    if (own !== undefined) adjust(work, route, own);
    else if (route.ending === null) leave(work, route, by);
  }
  const added = settings.routes.filter(({ name }) => !state.routes.has(name));
  if (added.length > 0) join(work, added);
  putInOrder(work, [...present.keys()]);
  configured(work, by);
}

/** Records how a reload ended. The settings are those of the whole agent, so one route has the record. */
export function reloadEnded(work: Work, event: Extract<Event, { kind: 'reload_ended' }>): void {
  const [first] = work.state.routes.values();
  if (first !== undefined) noteRoute(work, first, event);
}

/** Moves planned times to those of the new settings, but never to later ones. */
function adjust(work: Work, route: RouteState, settings: RouteSettings): void {
  const { gate, ending, scanning } = route;
  route.settings = settings;
  if (ending !== null) comeBack(route, ending);
  const { openMs, closedMs } = settings.probe;
  gate.nextProbeAt = Math.min(gate.nextProbeAt, work.at + (gate.state === 'open' ? openMs : closedMs));
  scanning.nextListingAt = Math.min(scanning.nextListingAt, work.at + settings.scanEveryMs);
  scanning.rulesReadAt = work.at;
  scanning.rulesListedAt = Number.NEGATIVE_INFINITY;
  for (const status of ['DISCOVERED', 'GROWING'] as const) {
    for (const id of route.byStatus[status]) {
      const file = work.state.files.get(id);
      if (file !== undefined && isUnsettled(file)) watchOn(work, route, file);
    }
  }
  for (const id of [...route.byStatus.WAITING_FOR_SPACE]) {
    const file = work.state.files.get(id);
    if (file?.status === 'WAITING_FOR_SPACE') waitAgain(work, route, file);
  }
}

/** Shortens a pause. What is left of it is known from its alarm: the wall clock may have been set since the pause began. */
function waitAgain(work: Work, { settings: { space } }: RouteState, file: WaitingForSpaceFile): void {
  const dueAt = work.state.alarms.of(file.id);
  if (dueAt === null || dueAt <= work.at + space.retryEveryMs) return;
  refresh(work, { ...file, retryAt: Math.min(file.retryAt, work.wall + space.retryEveryMs) });
  wakeAt(work, file.id, work.at + space.retryEveryMs);
}

function comeBack(route: RouteState, { hold, holdEndsAt }: NonNullable<RouteState['ending']>): void {
  route.ending = null;
  route.hold = hold;
  route.holdEndsAt = holdEndsAt;
}

/** Begins the end of a removed route. Files that are queued or only being checked leave the queue: their copies have not begun. */
function leave(work: Work, route: RouteState, by: string): void {
  const { hold, holdEndsAt } = route;
  route.ending = { hold, holdEndsAt, isDrained: false };
  // Shown as a hold, and not journaled: it ends when the route comes back.
  route.hold = { by, since: work.wall, until: null, reason: 'removed from sluice.toml' };
  route.holdEndsAt = Number.POSITIVE_INFINITY;
  for (const id of [...route.byStatus.IN_QUEUE]) {
    const file = work.state.files.get(id);
    if (file?.status === 'IN_QUEUE') leaveQueue(work, file, { kind: 'route_held' });
  }
}

/** Asks once for the end of a removed route, when nothing of it runs any more. */
export function pursueLeaving(work: Work, route: RouteState): void {
  const { ending } = route;
  if (ending === null || ending.isDrained) return;
  if (runningFiles(work, route).some((file) => mayStillEnd(route, file))) return;
  // A source file that has its hidden name is removed, or gets its name back.
  if (isRemoving(work.state, route) || route.removals.ordered.size > 0) return;
  ending.isDrained = true;
  ask(work, { kind: 'route_drained', route: route.settings.name });
}

/** All records of the route are committed. It may have come back meanwhile. */
export function routeLeft(work: Work, { ending, settings: { name } }: RouteState): void {
  if (ending?.isDrained !== true) return;
  forgetRoute(work.state, name);
  ask(work, { kind: 'end_route', route: name });
}

function join(work: Work, added: readonly RouteSettings[]): void {
  const { state } = work;
  for (const settings of added) state.routes.set(settings.name, emptyRoute(settings, work.wall));
  const names = added.map(({ name }) => name);
  const image = state.loadImage?.() ?? null;
  if (image !== null) recallRoutes(state, names, image, work);
  for (const name of names) resumeRoute(work, routeOf(state, name));
}

/** Routes are shown in the order of the file; those that leave come last. */
function putInOrder({ state }: Work, names: readonly RouteName[]): void {
  const before = new Map(state.routes);
  state.routes.clear();
  for (const name of [...names, ...before.keys()]) {
    const route = before.get(name);
    if (route !== undefined) state.routes.set(name, route);
  }
}
