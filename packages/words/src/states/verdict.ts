import type { ConditionJson } from '@sluice/control';
import type { RouteView } from '@sluice/core';
import type { RoomShort } from '@sluice/core/model';
import { conditionText } from '../conditions/condition-text.ts';
import { findingText } from '../failures/finding.ts';
import { beforeProbeText } from '../failures/hooks.ts';
import { roomText } from '../failures/space-shortage.ts';
import { duration } from '../figures/duration.ts';
import { limits } from '../limits.ts';
import { removalTrouble } from './removals.ts';
import { waitingText } from './waiting.ts';

/** The state of an agent in one line. */
export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/** A condition of the agent itself. */
type OwnCondition = Pick<ConditionJson, 'text'>;

/**
 * Returns the verdict. The worst trouble of the first route that has any comes first; the other routes are named. A disk that is
 * nearly full comes after what keeps files from being copied.
 *
 * @param wall milliseconds since the epoch, to say how long something lasts
 * @param own the conditions of the agent itself
 */
export function judge(routes: readonly RouteView[], wall: number, own: readonly OwnCondition[] = []): Verdict {
  const troubled = routes.flatMap((route) => {
    const text = troubleOf(route, wall);
    return text === null ? [] : [{ name: route.name, text }];
  });
  const nearlyFull = routes.flatMap((route) => {
    const text = nearlyFullText(route);
    return text === null || troubled.some(({ name }) => name === route.name) ? [] : [{ name: route.name, text }];
  });
  const ofAgent = own.map(({ text }) => ({ name: 'the agent', text }));
  const [worst, ...others] = [...troubled, ...nearlyFull, ...ofAgent];
  if (worst === undefined) return { ok: true, text: calm(routes) };
  return { ok: false, text: `${worst.text}${othersText(others)}` };
}

/** Names what else has trouble: its lines are below the verdict. */
function othersText(others: readonly { readonly name: string }[]): string {
  if (others.length === 0) return '';
  const named = others.slice(0, limits.verdictNames).map(({ name }) => name);
  return ` (and ${others.length} more: ${[...named, ...(others.length > named.length ? ['…'] : [])].join(', ')})`;
}

function troubleOf(route: RouteView, wall: number): string | null {
  const worst = trouble(route, wall) ?? removalText(route, wall);
  const lost = lostText(route);
  if (lost === null) return worst;
  return worst === null ? `${route.name}: ${lost}` : `${worst}; ${lost}`;
}

/** A source that is nearly full needs attention after `attention_after`, when a person is called. */
function nearlyFullText({ conditions, name }: RouteView): string | null {
  const found = conditions.find((each) => each.name === 'source_nearly_full' && each.isCalled);
  return found === undefined ? null : `${name}: ${conditionText(found.condition)}`;
}

function trouble(route: RouteView, wall: number): string | null {
  const { gate, name, sourceState } = route;
  const since = (time: string): string => duration(wall - Date.parse(time));
  if (gate.cause === 'not_the_destination') return `${name}: WRONG DISK at the destination for ${since(gate.since)}; ${waitingText(route)}`;
  if (gate.cause === 'unknown')
    return `${name}: checking the destination for ${since(gate.since)}${checkingText(route, wall)}; ${waitingText(route)}`;
  if (gate.state === 'closed')
    return `${name}: destination offline for ${since(gate.since)} (${findingText(gate, name).operator}); ${waitingText(route)}${filling(route)}`;
  if (sourceState.state !== 'ok') {
    return `${name}: source ${sourceState.state.replace('_', ' ')} for ${since(sourceState.since)}${unreadText(route)}${leftBehind(route)}`;
  }
  if (route.needsYou > 0) return `${name}: ${needsYouText(route)}`;
  if (route.roomShort !== null) return `${name}: ${shortText(route.roomShort, waitingText({ waiting: route.waiting }))}`;
  return null;
}

/** Returns what the first probe waits for, or what the probes found so far. */
function checkingText({ beforeProbe, gate, name }: RouteView, wall: number): string {
  const waits = beforeProbeText(beforeProbe, wall);
  if (waits !== null) return `: ${waits}`;
  return gate.finding.kind === 'not_probed' ? '' : ` (${findingText(gate, name).operator})`;
}

function removalText({ name, removals }: RouteView, wall: number): string | null {
  const text = removals === null ? null : removalTrouble(removals, wall);
  return text === null ? null : `${name}: ${text}`;
}

/** Files that vanished stay in the verdict until an operator acknowledges them, or for a day. */
function lostText({ lost }: RouteView): string | null {
  if (lost === null) return null;
  if (lost.count === 1) return `${lost.source} vanished at the source before it was copied (sluice acknowledge)`;
  return `${lost.count} files vanished at the source before they were copied, last ${lost.source} (sluice acknowledge)`;
}

/** Files that were to be copied from a source that is suddenly empty. */
function leftBehind({ sourceState, waiting }: RouteView): string {
  if (sourceState.state !== 'suddenly_empty' || waiting === 0) return '';
  return `; ${waiting} ${waiting === 1 ? 'file was' : 'files were'} not copied before that`;
}

/** Names the folder that cannot be read, so that a person can give Sluice access to it. */
function unreadText({ unread }: RouteView): string {
  return unread === null ? '' : ` (${unread.path}: ${unread.code ?? 'unknown'}); nothing in it is treated as removed`;
}

/** A destination is full if it has no room for anything; otherwise it lacks room for what waits. */
function shortText(room: RoomShort, waits: string): string {
  const text = [roomText(room), ...(room.files === 0 ? [waits] : [])].filter((part) => part !== '').join('; ');
  return `${room.isFull ? 'destination full' : 'no room at the destination'}: ${text}`;
}

/** Names one of the files. If there are more, `files` and the screen list them. */
function needsYouText({ needsYou, needing }: RouteView): string {
  if (needsYou === 1) return needing === null ? '1 file needs you' : `1 file needs you: ${needing}`;
  return needing === null ? `${needsYou} files need you` : `${needsYou} files need you, such as ${needing}`;
}

/** During an outage, the source's own disk is the next to run out of room. */
function filling({ sourceState }: RouteView): string {
  return sourceState.fullInMs === null ? '' : `; the source's disk is full in ${duration(sourceState.fullInMs)}`;
}

/** An operator set the hold, and other operators should see it before everything else. */
function heldText(held: readonly RouteView[]): string | null {
  const [first] = held;
  if (first === undefined) return null;
  return held.length === 1
    ? `${first.name} is HELD by ${first.hold?.by}`
    : `${held.length} routes are HELD, such as ${first.name} by ${first.hold?.by}`;
}

/**
 * Returns the verdict if nothing needs a person: which routes are held, then how many files are being copied, wait or are
 * recorded.
 */
function calm(routes: readonly RouteView[]): string {
  const sum = (of: (route: RouteView) => number): number => routes.reduce((total, route) => total + of(route), 0);
  const parts = [
    [sum(({ copying }) => copying), 'copying'],
    [sum(({ waiting }) => waiting), 'waiting'],
    [sum(({ recording }) => recording), 'recording'],
  ] as const;
  const counted = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  const rest = counted.length === 0 ? 'everything is copied' : counted.join(', ');
  const held = heldText(routes.filter(({ hold }) => hold !== null));
  return held === null ? rest : `${held}; ${rest}`;
}
