import type { RefusedReload, StatusReply } from '@sluice/control';
import { countGroups } from '@sluice/core';
import type { LeftAlone } from '@sluice/core/model';
import { conditionLine } from './conditions/condition-json.ts';
import { beforeProbeText } from './failures/hooks.ts';
import { clean } from './figures/clean.ts';
import { dayText, momentText, shortTime } from './figures/clock.ts';
import { duration } from './figures/duration.ts';
import { countText, sizeText } from './figures/figures.ts';
import { noPaint, type Paint, type Tone } from './figures/paint.ts';
import { limits } from './limits.ts';
import { whyText } from './states/held.ts';
import { leftAloneText, unmatchedText } from './states/left-alone.ts';
import { notWatchedText } from './states/not-watched.ts';
import { pausingText } from './states/pausing.ts';
import { removalLines } from './states/removals.ts';
import { renamedFilesText } from './states/renamed.ts';

/**
 * Returns the verdict, then a line for each route and for each condition with its remedy. If there is room, a route is followed
 * by the files that are left alone there. At most 13 lines.
 */
export function statusLines({ verdict, agent, routes, conditions = [] }: StatusReply, wall: number, paint: Paint = noPaint): string[] {
  const shown = routes.length <= limits.statusLines ? routes : routes.slice(0, limits.statusLines - 1);
  const more = shown.length === routes.length ? [] : [`… and ${routes.length - shown.length} more routes`];
  const refused = agent.reloadRefused === undefined ? [] : [clean(`  ! ${refusedReloadText(agent.reloadRefused)}`)];
  const todo = conditionLines(conditions, wall, limits.statusLines - shown.length - more.length - refused.length);
  let room = limits.statusLines - shown.length - more.length - todo.length - refused.length;
  const lines = shown.flatMap((route) => {
    const left = leftLines(route, verdict.text, wall).slice(0, room);
    room -= left.length;
    return [routeLine(route, wall, paint), ...left];
  });
  const isHeld = routes.some(({ hold }) => hold !== null);
  return [
    paint(clean(verdict.text), verdict.ok ? (isHeld ? 'warn' : 'good') : 'bad'),
    ...lines,
    ...more,
    ...[...todo, ...refused].map((line) => paint(line, 'warn')),
  ];
}

/** Returns the lines of the conditions. @param room largest number of lines */
function conditionLines(conditions: NonNullable<StatusReply['conditions']>, wall: number, room: number): string[] {
  if (room <= 0) return [];
  const shown = conditions.length <= room ? conditions : conditions.slice(0, room - 1);
  const left = conditions.length - shown.length;
  return [
    ...shown.map((each) => clean(`  ! ${conditionLine(each, wall)}`)),
    ...(left === 0 ? [] : [`  ! … and ${left} more: sluice status --json has all of them`]),
  ];
}

/**
 * Returns the lines below a route: the command `before_probe` that runs, that the system does not watch the source, writers for
 * which `stable_after` is too short, what was renamed, what is left alone, and which patterns match nothing.
 */
function leftLines(
  { beforeProbe, leftAlone = [], unmatched = [], notWatched, pausing, removals, renamed }: Route,
  verdict: string,
  wall: number,
): string[] {
  const others = leftAlone.filter(({ rule }) => rule !== 'destination');
  const running = beforeProbeText(beforeProbe, wall);
  return [
    // The verdict names what the first route with trouble waits for.
    ...(running === null || verdict.includes(running) ? [] : [clean(`    ${running}`)]),
    ...(notWatched === undefined ? [] : [clean(`    ${notWatchedText(notWatched)}`)]),
    ...(pausing === undefined ? [] : [clean(`    ${pausingText(pausing)}`)]),
    ...(removals === undefined ? [] : removalLines(removals, verdict, wall).map((line) => clean(`    ${line}`))),
    ...(renamed === undefined ? [] : [clean(`    ${renamedFilesText(renamed)}`)]),
    ...leftAlone.flatMap((row) => (row.rule === 'destination' ? [destinationLine(row)] : [])),
    ...[unmatchedText(unmatched), withHint(leftAloneText(others), removals)].flatMap((text) =>
      text === null ? [] : [clean(`    ${text}`)],
    ),
  ];
}

/** Says what removes the folders that removals leave empty. */
function withHint(text: string | null, removals: Route['removals']): string | null {
  return text === null || removals?.emptyFolders === undefined ? text : `${text}; remove_empty_dirs = true removes empty folders`;
}

/** Returns `2 folders left alone: they are destinations of this agent (archive, old/day1)`. */
function destinationLine({ count, examples }: Pick<LeftAlone, 'count' | 'examples'>): string {
  const named = examples.slice(0, limits.statusExamples);
  const names = [...named, ...(count > named.length ? ['…'] : [])].join(', ');
  const what = count === 1 ? '1 folder left alone: it is a destination' : `${count} folders left alone: they are destinations`;
  return clean(`    ${what} of this agent (${names})`);
}

type Route = StatusReply['routes'][number];

function heldPart({ by, until, reason }: NonNullable<Route['hold']>): string {
  return `HELD by ${by}${until === null ? '' : ` until ${momentText(until)}`}${whyText(reason)}`;
}

/** `at most 20 MB/s until 18:00`. */
function maxRateText({ bytesPerSecond, until }: NonNullable<Route['maxRate']>, wall: number): string {
  const limit = bytesPerSecond === null ? 'no limit' : `at most ${sizeText(bytesPerSecond)}/s`;
  if (until === null) return limit;
  const isToday = dayText(until) === dayText(wall);
  return `${limit} until ${isToday ? shortTime(until, wall) : momentText(until).slice(0, -3)}`;
}

function gateWord({ state, cause }: Route['gate']): string {
  if (cause === 'not_the_destination') return 'WRONG DISK';
  if (cause === 'unknown') return 'checking';
  return state === 'open' ? 'online' : 'offline';
}

/** An agent of an older version, which runs until its restart after an upgrade, does not report these figures. */
function groupsOf(route: Route): Pick<Route, 'recording' | 'copying' | 'waiting'> {
  const known: Partial<Route> = route;
  return known.copying === undefined ? countGroups(route.counts, { needsYou: route.needsYou, stuck: 0 }) : route;
}

function routeTone({ gate, hold, sourceState }: Route): Tone {
  if (gate.state !== 'open' || sourceState.state !== 'ok') return 'bad';
  return hold === null ? 'good' : 'warn';
}

function routeLine(route: Route, wall: number, paint: Paint): string {
  const { needsYou, counts } = route;
  const { recording, copying, waiting } = groupsOf(route);
  const since = duration(wall - Date.parse(route.gate.since));
  const parts = [
    ...(needsYou === 0 ? [] : [`${countText(needsYou)} need${needsYou === 1 ? 's' : ''} you`]),
    ...(recording === 0 ? [] : [`${countText(recording)} recording`]),
    `${countText(copying)} copying`,
    `${countText(waiting)} wait${waiting === 1 ? 's' : ''}`,
    `${countText(counts.COMPLETED + counts.COMPLETED_DELETE_FAILED)} done`,
    ...(route.space.freeBytes === null ? [] : [`${sizeText(route.space.freeBytes)} free`]),
    ...(route.maxRate === undefined ? [] : [maxRateText(route.maxRate, wall)]),
    ...(route.hold === null ? [] : [heldPart(route.hold)]),
    ...(route.sourceState.listedFiles === undefined ? [] : [`a scan found ${countText(route.sourceState.listedFiles)} files`]),
    ...(route.sourceState.state === 'ok' ? [] : [`source ${route.sourceState.state.replace('_', ' ')}`]),
  ];
  const state = paint(clean(`${gateWord(route.gate)} for ${since}`), routeTone(route));
  return `${clean(`  ${route.name}: `)}${state}${clean(`, ${parts.join(', ')}`)}`;
}

/** Returns that the last reload was refused, and why. The agent goes on with its settings until the next one. */
function refusedReloadText({ at, by, problem }: RefusedReload): string {
  return `the settings that ${by} had read again at ${momentText(at)} are not in force: ${problem}; when that is corrected, run sluice reload`;
}
