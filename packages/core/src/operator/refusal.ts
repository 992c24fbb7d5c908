import { removableOf } from '../leftover-removal.ts';
import type { Action, FileAction, RouteAction } from '../messages/action.ts';
import { unreachable } from '../model/assert.ts';
import {
  type CompletedFile,
  type FailedFile,
  isBeingRemoved,
  isCopied,
  isEnded,
  isLost,
  isRunning,
  type RemovedFile,
  type RunningFile,
  type TrackedFile,
} from '../model/file.ts';
import type { RouteName } from '../model/ids.ts';
import type { Refusal } from '../model/refusal.ts';
import { onOtherDisk } from '../removal/other-disk.ts';
import { type CoreState, newestOf, type RouteState } from '../state/state.ts';
import { isPublishing } from '../state/work.ts';

type EndedFile = CompletedFile | FailedFile | RemovedFile;

/** Returns why an action cannot be done. Null: it can. */
export function refusal(state: CoreState, action: Action): Refusal | null {
  return 'source' in action ? fileRefusal(state, action) : routeRefusal(state, action);
}

/** Returns the attempt that an action refers to. */
export function meantBy(state: CoreState, { route: name, source }: FileAction): TrackedFile | null {
  const route = state.routes.get(name);
  return route === undefined ? null : newestOf(state, route, source);
}

function fileRefusal(state: CoreState, action: FileAction): Refusal | null {
  if (!state.routes.has(action.route)) return { kind: 'route_not_configured', route: action.route };
  const file = meantBy(state, action);
  if (file === null) return { kind: 'nothing_left' };
  switch (action.do) {
    case 'retry':
      return retryRefusal(state, file);
    case 'skip':
      return skipRefusal(file);
    case 'first':
      return firstRefusal(file);
    case 'acknowledge':
      return isLost(file) ? null : { kind: 'nothing_to_acknowledge' };
    default:
      return unreachable(action.do);
  }
}

function retryRefusal(state: CoreState, file: TrackedFile): Refusal | null {
  if (!file.nameValid) return { kind: 'name_invalid' };
  if (isBeingRemoved(file) && file.status === 'COMPLETED') return { kind: 'source_gone' };
  // The copy may be gone or replaced by now, so the destination is checked again.
  if (isCopied(file.status) && !file.sourceGone) return null;
  if (isOverOrRunning(file)) return file.sourceGone ? { kind: 'source_gone' } : overOrRunning(file);
  switch (file.status) {
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return null;
    case 'READY':
      return file.hold === null ? movingRefusal(state, file) : null;
    case 'IN_QUEUE':
      return { kind: 'about_to_be_copied' };
    case 'DISCOVERED':
    case 'GROWING':
      return { kind: 'not_settled' };
    default:
      return unreachable(file);
  }
}

/** Returns a refusal for a file that nothing but its destination or a hold on its route keeps from being copied. */
function movingRefusal(state: CoreState, file: TrackedFile): Refusal | null {
  const route = state.routes.get(file.route);
  if (route?.gate.state !== 'open') return null;
  return route.hold === null ? { kind: 'about_to_be_copied' } : { kind: 'route_held', by: route.hold.by };
}

function skipRefusal(file: TrackedFile): Refusal | null {
  if (isRunning(file)) return isPublishing(file) ? { kind: 'being_published' } : null;
  if (isOverOrRunning(file)) return overOrRunning(file);
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
    case 'IN_QUEUE':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return null;
    case 'READY':
      return file.hold === 'operator' ? { kind: 'skipped_already' } : null;
    default:
      return unreachable(file);
  }
}

function firstRefusal(file: TrackedFile): Refusal | null {
  if (!file.nameValid) return { kind: 'name_invalid' };
  if (isOverOrRunning(file)) return overOrRunning(file);
  switch (file.status) {
    case 'READY':
      return file.hold === 'operator' || file.hold === 'needs_you' ? { kind: 'file_held' } : null;
    case 'DISCOVERED':
    case 'GROWING':
    case 'IN_QUEUE':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return null;
    default:
      return unreachable(file);
  }
}

/** Returns whether the copy of a file has begun, or the file has ended. */
function isOverOrRunning(file: TrackedFile): file is RunningFile | EndedFile {
  return isRunning(file) || isEnded(file.status);
}

function overOrRunning(file: RunningFile | EndedFile): Refusal {
  switch (file.status) {
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      return { kind: 'completed' };
    case 'FAILED':
    case 'REMOVED':
      return { kind: 'source_gone' };
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      return { kind: 'being_copied' };
    default:
      return unreachable(file);
  }
}

function namesOf({ routes }: CoreState): RouteName[] {
  return [...routes].flatMap(([name, { ending }]) => (ending === null ? [name] : []));
}

function routeRefusal(state: CoreState, action: RouteAction): Refusal | null {
  const route = state.routes.get(action.route);
  // A removed route only finishes its last copies, so it cannot be held or released.
  if (route === undefined || route.ending !== null) return { kind: 'unknown_route', route: action.route, routes: namesOf(state) };
  if (action.do === 'acknowledge') return route.lost.size === 0 ? { kind: 'nothing_to_acknowledge' } : null;
  if (action.do === 'release') return route.hold === null ? { kind: 'not_held' } : null;
  if (action.do === 'remove_leftovers') return removalRefusal(state, route);
  if (action.do !== 'adopt') return null;
  if (onOtherDisk(state, route).length > 0) return null;
  if (route.gate.state === 'open') return { kind: 'destination_online' };
  return route.gate.cause === 'not_the_destination' ? null : offline(route);
}

/** Returns why leftovers cannot be removed now: they can be compared with the journal only while the destination is online. */
function removalRefusal(state: CoreState, route: RouteState): Refusal | null {
  if (route.gate.state !== 'open') return offline(route);
  return removableOf(state, route).length > 0 ? null : { kind: 'no_leftovers' };
}

function offline({ gate, settings }: RouteState): Refusal {
  const { cause, code, finding } = gate;
  return { kind: 'destination_offline', destination: settings.destination, cause, code, finding };
}
