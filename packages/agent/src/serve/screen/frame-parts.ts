import type { ScreenFrame, ScreenRoute } from '@sluice/control';
import { type CoreState, type RouteState, timeText, viewRoute } from '@sluice/core';
import { type CountedRoute, totalsOf } from '@sluice/lists';
import type { Clock } from '../../ports.ts';
import { type AgentSelf, agentJson, conditionsOf, type OwnTroubles, routeJson, verdictOf } from '../status.ts';
import type { ScreenFiles } from './files.ts';
import type { ScreenMeter } from './throughput.ts';

/** The data of a frame, except its rows. */
export interface ScreenPartsDependencies {
  readonly state: CoreState;
  readonly self: AgentSelf;
  readonly clock: Clock;
  readonly isStalled: () => boolean;
  /** Returns the conditions of the agent itself that need a person. */
  readonly conditions: () => OwnTroubles['conditions'];
  /** Returns the last reload, if it was refused. */
  readonly refusedReload: () => OwnTroubles['refusedReload'];
  readonly meter: Pick<ScreenMeter, 'figures' | 'pace'>;
}

/** Returns a frame without its rows and number. The time does not depend on the number of files. */
export function partsOf(
  dependencies: ScreenPartsDependencies,
  files: Pick<ScreenFiles, 'catalogue' | 'isReading'>,
): Omit<ScreenFrame, 'seq' | 'rows'> {
  const { state, self, clock, isStalled, conditions, refusedReload, meter } = dependencies;
  const wall = clock.wall();
  const routes = [...state.routes.values()].map((route) => {
    const tally = files.catalogue.tally.route(route.settings.name);
    return { route, tally, view: viewRoute(state, route, tally) };
  });
  return {
    v: 1,
    at: timeText(wall),
    verdict: verdictOf(
      routes.map(({ view }) => view),
      wall,
      { isStalled: isStalled(), conditions: conditions() },
    ),
    agent: agentJson(self, { refusedReload: refusedReload() }),
    routes: routes.map((counted) => screenRoute(counted, clock.monotonic())),
    conditions: conditionsOf(
      conditions(),
      routes.map(({ view }) => view),
    ),
    totals: totalsOf(routes, meter.pace(), files.isReading()),
    throughput: meter.figures(),
  };
}

/** Returns a route for the screen. Ended files count only if they are listed. */
function screenRoute(
  { route, view, tally }: CountedRoute & { readonly route: RouteState; readonly view: ReturnType<typeof viewRoute> },
  at: number,
): ScreenRoute {
  const { sourceDescription, destinationDescription, unread, waiting, recording } = view;
  const { COMPLETED, COMPLETED_DELETE_FAILED, FAILED, REMOVED } = tally.counts;
  const counts = { ...view.counts, COMPLETED, COMPLETED_DELETE_FAILED, FAILED, REMOVED };
  return {
    ...routeJson(view, counts, tally.recovered),
    sourceDescription,
    destinationDescription,
    unread,
    waiting,
    recording,
    nextProbeInMs: view.beforeProbe?.isAwaited === true ? null : nextProbeInMs(route, at),
  };
}

/** Returns the milliseconds until the next probe. 0 while a probe is running; null while the destination is online, and where it waits for `before_probe`. */
function nextProbeInMs({ gate }: RouteState, at: number): number | null {
  if (gate.state === 'open') return null;
  if (gate.outstanding !== null) return 0;
  const inMs = gate.nextProbeAt - at;
  return inMs === Number.POSITIVE_INFINITY ? null : Math.max(0, Math.round(inMs));
}
