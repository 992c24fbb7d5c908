import type { RouteView } from '@sluice/core';
import { findingText } from '../failures/finding.ts';
import { sizeText } from '../figures/figures.ts';

/** Whether all is well, in one line. */
export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/**
 * What is worst comes first; one route is named, further ones are counted.
 *
 * @param wall milliseconds since the epoch, to tell for how long
 */
export function judge(routes: readonly RouteView[], wall: number): Verdict {
  const troubles = routes.flatMap((route) => {
    const worst = trouble(route, (since) => duration(wall - Date.parse(since)));
    const lost = lostText(route);
    if (lost === null) return worst ?? [];
    return worst === null ? `${route.name}: ${lost}` : `${worst}; ${lost}`;
  });
  const [worst, ...others] = troubles;
  if (worst === undefined) return { ok: true, text: calm(routes) };
  return { ok: false, text: others.length === 0 ? worst : `${worst} (and ${others.length} more)` };
}

function trouble(route: RouteView, since: (time: string) => string): string | null {
  const { gate, name, sourceState } = route;
  const waits = `${route.waiting} wait${route.waiting === 1 ? 's' : ''} at the source`;
  if (gate.cause === 'not_the_destination') return `${name}: WRONG DISK at the destination for ${since(gate.since)}; ${waits}`;
  if (gate.state === 'closed')
    return `${name}: destination offline for ${since(gate.since)} (${findingText(gate).operator}); ${waits}${filling(route)}`;
  if (sourceState.state !== 'ok') {
    return `${name}: source ${sourceState.state.replace('_', ' ')} for ${since(sourceState.since)}${unreadText(route)}`;
  }
  if (route.needsYou > 0) return `${name}: ${route.needsYou} need${route.needsYou === 1 ? 's' : ''} you`;
  if (route.space.level === 'full') return `${name}: destination full${roomText(route)}; ${waits}`;
  return null;
}

/** What vanished stays in the verdict until somebody acknowledges it, or for a day. */
function lostText({ lost }: RouteView): string | null {
  if (lost === null) return null;
  if (lost.count === 1) return `${lost.source} vanished at the source before it was copied (sluice acknowledge)`;
  return `${lost.count} files vanished at the source before they were copied, last ${lost.source} (sluice acknowledge)`;
}

/** Which folder it is: what stands in it may be read elsewhere, and a person can let Sluice read it too. */
function unreadText({ unread }: RouteView): string {
  return unread === null ? '' : ` (${unread.path}: ${unread.code ?? 'unknown'}); nothing in it is taken for removed`;
}

/** Why it is full with so much free. */
function roomText({ space: { freeBytes }, keptFreeBytes }: RouteView): string {
  if (freeBytes === null || keptFreeBytes === null || keptFreeBytes === 0) return '';
  return `: ${sizeText(freeBytes)} free, ${sizeText(keptFreeBytes)} are to stay free`;
}

/** During an outage the source's own disk is what runs out next. */
function filling({ sourceState }: RouteView): string {
  return sourceState.fullInMs === null ? '' : `; the source's disk is full in ${duration(sourceState.fullInMs)}`;
}

/** Nothing needs a person: what holds a file back passes by itself. */
function calm(routes: readonly RouteView[]): string {
  const sum = (of: (route: RouteView) => number): number => routes.reduce((total, route) => total + of(route), 0);
  const parts = [
    [sum(({ copying }) => copying), 'being carried'],
    [sum(({ waiting }) => waiting), 'waiting'],
    [sum(({ recording }) => recording), 'recording'],
  ] as const;
  const counted = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return counted.length === 0 ? 'all is carried' : counted.join(', ');
}

/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
