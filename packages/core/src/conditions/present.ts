import type { RouteCondition } from '../messages/effect.ts';
import { unreachable } from '../model/assert.ts';
import type { RoomShort, RouteTroubleName } from '../model/conditions.ts';
import { isReason } from '../model/fault.ts';
import type { FileId } from '../model/ids.ts';
import { amountBytes } from '../policy/space.ts';
import { removableFile } from '../removal/records.ts';
import type { CoreState, RouteState } from '../state/state.ts';

/**
 * Returns the condition of this kind that is present now. Null: none is known to be present (see `isUnknown`).
 *
 * @param known how long it has lasted, and the lack of room (`roomShort`)
 */
export function conditionOf(
  state: CoreState,
  route: RouteState,
  name: RouteTroubleName,
  { forMs, room }: { readonly forMs: number; readonly room: RoomShort | null },
): RouteCondition | null {
  switch (name) {
    case 'wrong_disk':
      return route.gate.cause === 'not_the_destination' ? offline(route, forMs) : null;
    case 'read_only':
      return route.gate.cause === 'read_only' ? offline(route, forMs) : null;
    case 'destination':
      return isOffline(route) ? offline(route, forMs) : null;
    case 'source':
      return sourceAway(route, forMs);
    case 'room':
      return room === null ? null : { kind: 'no_room', forMs, room };
    case 'source_nearly_full':
      return sourceNearlyFull(route, forMs);
    case 'files_need_you':
      return ofFiles(state, 'files_need_you', route.needing, forMs);
    case 'files_lost':
      return ofFiles(state, 'files_lost', route.lost, forMs);
    case 'removal_failing':
      return removalFailing(state, route.removals, forMs);
    default:
      return unreachable(name);
  }
}

/**
 * Returns whether the condition cannot be determined now, for example before the first probe. What was determined before stays
 * valid.
 */
export function isUnknown({ gate, source }: RouteState, name: RouteTroubleName): boolean {
  switch (name) {
    case 'wrong_disk':
    case 'destination':
    case 'read_only':
      return gate.cause === 'unknown' && !isReason(gate.finding);
    case 'source':
      return source.state === 'unknown';
    case 'source_nearly_full':
      return source.freeBytes === null;
    case 'room':
      return gate.state === 'closed';
    case 'files_need_you':
    case 'files_lost':
    case 'removal_failing':
      return false;
    default:
      return unreachable(name);
  }
}

function isOffline({ gate }: RouteState): boolean {
  return gate.state === 'closed' && gate.cause !== 'not_the_destination' && gate.cause !== 'read_only';
}

function offline({ gate, settings }: RouteState, forMs: number): RouteCondition {
  const { cause, code, finding } = gate;
  return { kind: 'destination_offline', forMs, destination: settings.destination, cause, code, finding };
}

function sourceAway({ source }: RouteState, forMs: number): RouteCondition | null {
  const { state, code, unreadPath } = source;
  return state === 'ok' || state === 'unknown' ? null : { kind: 'source_away', forMs, state, code, path: unreadPath };
}

function sourceNearlyFull({ source, settings }: RouteState, forMs: number): RouteCondition | null {
  const { freeBytes, totalBytes } = source;
  const warnBelow = settings.sourceWarnBelow;
  const least = amountBytes(warnBelow, totalBytes);
  return freeBytes === null || least === null || freeBytes >= least ? null : { kind: 'source_nearly_full', forMs, freeBytes, warnBelow };
}

function removalFailing(state: CoreState, { failed }: RouteState['removals'], forMs: number): RouteCondition | null {
  for (const id of failed) {
    const file = removableFile(state, id);
    if (file !== null)
      return { kind: 'removal_failing', forMs, files: failed.size, source: file.source, code: file.removal.code ?? 'UNKNOWN' };
  }
  return null;
}

function ofFiles(
  { files }: CoreState,
  kind: 'files_need_you' | 'files_lost',
  ids: ReadonlySet<FileId>,
  forMs: number,
): RouteCondition | null {
  for (const id of ids) {
    const file = files.get(id);
    if (file !== undefined) return { kind, forMs, files: ids.size, source: file.source };
  }
  return null;
}
