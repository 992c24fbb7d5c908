import type { StatusJson } from '@sluice/agent';
import { duration } from '@sluice/core';
import { clean } from './clean.ts';
import { sizeText } from './size.ts';

const mostLines = 12;

/** A verdict, then a line a route; at most 13 lines. */
export function statusLines(status: StatusJson, wall: number): string[] {
  const routes = status.routes.map((route) => routeLine(route, wall));
  const shown =
    routes.length <= mostLines ? routes : [...routes.slice(0, mostLines - 1), `… and ${routes.length - mostLines + 1} more routes`];
  return [clean(status.verdict.text), ...shown];
}

type Route = StatusJson['routes'][number];

const mostReason = 80;

function heldText({ by, until, reason }: NonNullable<Route['hold']>): string {
  const end = until === null ? '' : ` until ${until}`;
  const why = reason.length <= mostReason ? reason : `${reason.slice(0, mostReason)} ...`;
  return `HELD by ${by}${end}${why === '' ? '' : ` (${why})`}`;
}

function routeLine(route: Route, wall: number): string {
  const { counts } = route;
  const since = duration(wall - Date.parse(route.gate.since));
  const running = counts.COPYING + counts.GROWING_COPY + counts.VERIFYING;
  const parts = [
    `${route.name}: ${route.gate.state === 'open' ? 'online' : 'offline'} for ${since}`,
    `${running} carried now`,
    `${counts.READY + counts.IN_QUEUE + counts.WAITING_FOR_NETWORK + counts.WAITING_FOR_SPACE} wait`,
    `${counts.COMPLETED} done`,
    ...(route.space.freeBytes === null ? [] : [`${sizeText(route.space.freeBytes)} free`]),
    ...(route.hold === null ? [] : [heldText(route.hold)]),
    ...(route.sourceState.state === 'ok' ? [] : [`source ${route.sourceState.state}`]),
  ];
  return clean(`  ${parts.join(', ')}`);
}
