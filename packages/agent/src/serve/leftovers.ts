import { ControlError, type LeftoverJson } from '@sluice/control';
import { type CoreState, checkOf, keptByJournal, type LeftoverOf, leftoversAt, type RouteState, timeText } from '@sluice/core';
import type { LeftoverFound, RouteName } from '@sluice/core/model';
import { keptText } from '@sluice/words';
import { askLeftovers } from '../children/ask-once.ts';
import { limits } from '../limits.ts';

/** The files that have the names of a route's leftovers, or why they are unknown. */
export type Look = { readonly found: ReadonlyMap<string, LeftoverFound> } | { readonly unknown: string };

/** Starts a process that compares the leftovers of a route with the journal. */
export async function askRoute(state: CoreState, name: string, ask: typeof askLeftovers = askLeftovers): Promise<Look> {
  const route = state.routes.get(name as RouteName);
  const checks = route === undefined ? [] : leftoversAt(state, route).slice(0, limits.leftovers);
  if (route === undefined || checks.length === 0) return { found: new Map() };
  const { settings, gate } = route;
  if (gate.state !== 'open') return { unknown: 'the destination is not online' };
  const init = {
    route: settings,
    marker: gate.marker,
    plainFolderMeant: gate.plainFolderMeant,
    checks: checks.map(({ leftover }) => checkOf(leftover)),
  };
  const answer = await ask(init, settings.probe.deadlineMs);
  if (answer.kind === 'unanswered') return { unknown: answer.why };
  if (answer.kind === 'away') return { unknown: 'the destination is not online, or is another one' };
  return { found: new Map(checks.flatMap(({ leftover }, index) => foundAs(leftover.name, answer.found[index]))) };
}

function foundAs(name: string, found: LeftoverFound | undefined): [string, LeftoverFound][] {
  return found === undefined ? [] : [[name, found]];
}

/**
 * Lists the leftovers of failed growing copies, by route, oldest first.
 *
 * @param name null: all routes
 * @param wall milliseconds since the epoch
 * @param look null: the destinations are not queried
 * @throws ControlError if the route does not exist
 */
export async function leftoversOf(
  state: CoreState,
  name: string | null,
  wall: number,
  look: ((route: string) => Promise<Look>) | null,
): Promise<{ readonly leftovers: LeftoverJson[]; readonly total: number }> {
  const routes = [...state.routes.values()].filter(({ settings }) => name === null || settings.name === name);
  if (routes.length === 0) throw new ControlError('not_found', `there is no route ${JSON.stringify(name)}`);
  const all = await Promise.all(routes.map((route) => ofRoute(state, route, wall, look)));
  const leftovers = all.flat();
  return { leftovers: leftovers.slice(0, limits.leftovers), total: leftovers.length };
}

async function ofRoute(
  state: CoreState,
  route: RouteState,
  wall: number,
  look: ((route: string) => Promise<Look>) | null,
): Promise<LeftoverJson[]> {
  if (leftoversAt(state, route).length === 0) return [];
  const looked = look === null ? { unknown: null } : await look(route.settings.name);
  // Leftovers that were removed meanwhile are left out.
  return leftoversAt(state, route).map((each) => leftoverJson(each, wall, looked));
}

type Looked = Look | { readonly unknown: null };

function leftoverJson(each: LeftoverOf, wall: number, looked: Looked): LeftoverJson {
  const { file, leftover } = each;
  const { name, attempt, failedAt, leastBytes, replacement } = leftover;
  const found = 'found' in looked ? (looked.found.get(name) ?? null) : null;
  return {
    v: 1,
    route: file.route,
    source: file.source,
    destination: name,
    attempt,
    failedAt: timeText(failedAt),
    ageMs: Math.max(0, wall - failedAt),
    copiedBytes: leastBytes,
    sizeBytes: found?.sizeBytes ?? null,
    replacedBy: replacement === undefined ? null : { id: replacement.id, destination: replacement.destination },
    ...stateOf(each, found, looked),
  };
}

function stateOf({ leftover }: LeftoverOf, found: LeftoverFound | null, looked: Looked): Pick<LeftoverJson, 'state' | 'kept' | 'reason'> {
  if (leftover.removal !== undefined) return { state: 'being_removed', kept: null, reason: `requested by ${leftover.removal.by}` };
  if (found !== null && found.kept === null && found.sizeBytes === null) return { state: 'gone', kept: null, reason: null };
  // The bytes are compared only by the removal.
  const kept = keptByJournal(leftover) ?? (found === null ? (leftover.kept ?? null) : (found.kept ?? bytesOf(leftover.kept)));
  if (kept !== null) return { state: 'kept', kept, reason: keptText(kept) };
  if (found !== null) return { state: 'removable', kept: null, reason: null };
  return { state: 'unknown', kept: null, reason: 'unknown' in looked ? looked.unknown : null };
}

function bytesOf(kept: LeftoverOf['leftover']['kept']): LeftoverJson['kept'] {
  return kept === 'other_bytes' ? kept : null;
}
