import type { ScreenFrame, ScreenRoute } from '@sluice/control';
import { type CoreState, type RouteState, timeText, viewRoute } from '@sluice/core';
import { type CountedRoute, totalsOf } from '@sluice/lists';
import type { Clock } from '../../ports.ts';
import { type AgentSelf, routeJson, verdictOf } from '../views.ts';
import type { ScreenFiles } from './files.ts';
import type { ScreenMeter } from './meter.ts';

/** What a frame is made from, but for its rows. */
export interface ScreenPartsDependencies {
  readonly state: CoreState;
  readonly self: AgentSelf;
  readonly clock: Clock;
  readonly isStalled: () => boolean;
  readonly meter: Pick<ScreenMeter, 'figures' | 'pace'>;
}

/** All of a frame but its rows and its number. Costs the same however many files there are. */
export function partsOf(
  dependencies: ScreenPartsDependencies,
  { catalogue }: Pick<ScreenFiles, 'catalogue'>,
): Omit<ScreenFrame, 'seq' | 'rows'> {
  const { state, self, clock, isStalled, meter } = dependencies;
  const wall = clock.wall();
  const routes = [...state.routes.values()].map((route) => {
    const tally = catalogue.tally.route(route.settings.name);
    return { route, tally, view: viewRoute(state, route, tally) };
  });
  return {
    v: 1,
    at: timeText(wall),
    verdict: verdictOf(
      routes.map(({ view }) => view),
      wall,
      isStalled(),
    ),
    agent: { running: true, ...self },
    routes: routes.map((counted) => screenRoute(counted, clock.monotonic())),
    totals: totalsOf(routes, meter.pace()),
    throughput: meter.figures(),
  };
}

/** What ended is counted as far as it is listed. */
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
    nextProbeInMs: nextProbeInMs(route, at),
  };
}

/** 0 while a probe is under way. */
function nextProbeInMs({ gate }: RouteState, at: number): number | null {
  if (gate.state === 'open') return null;
  if (gate.outstanding !== null) return 0;
  const inMs = gate.nextProbeAt - at;
  return inMs === Number.POSITIVE_INFINITY ? null : Math.max(0, Math.round(inMs));
}
