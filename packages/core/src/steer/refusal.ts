import type { Action, FileAction, RouteAction } from '../messages/action.ts';
import { unreachable } from '../model/assert.ts';
import {
  type CompletedFile,
  type FailedFile,
  isEnded,
  isRunning,
  type RemovedFile,
  type RunningFile,
  type TrackedFile,
} from '../model/file.ts';
import { isPublishing } from '../state/running.ts';
import { type CoreState, newestOf } from '../state/state.ts';

type EndedFile = CompletedFile | FailedFile | RemovedFile;

/** Why an action cannot be done, in an operator's words; null: it can. */
export function refusal(state: CoreState, action: Action): string | null {
  return 'source' in action ? fileRefusal(state, action) : routeRefusal(state, action);
}

/** The attempt that an action is meant for. */
export function meantBy(state: CoreState, { route: name, source }: FileAction): TrackedFile | null {
  const route = state.routes.get(name);
  return route === undefined ? null : newestOf(state, route, source);
}

function fileRefusal(state: CoreState, action: FileAction): string | null {
  if (!state.routes.has(action.route)) return `its route ${JSON.stringify(action.route)} is not configured any more`;
  const file = meantBy(state, action);
  if (file === null) return 'it is over, and nothing of it is left to be done';
  switch (action.do) {
    case 'retry':
      return retryRefusal(state, file);
    case 'skip':
      return skipRefusal(file);
    case 'first':
      return firstRefusal(file);
    default:
      return unreachable(action.do);
  }
}

function retryRefusal(state: CoreState, file: TrackedFile): string | null {
  if (!file.nameValid) return 'its name is not valid UTF-8; rename it at the source';
  if (isOverOrRunning(file)) return overOrRunning(file);
  switch (file.status) {
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return null;
    case 'READY':
      return file.hold === null ? movingRefusal(state, file) : null;
    case 'IN_QUEUE':
      return 'it is about to be carried';
    case 'DISCOVERED':
    case 'GROWING':
      return 'it is carried as soon as it comes to rest';
    default:
      return unreachable(file);
  }
}

/** Nothing but its destination, or a word on its whole route, holds it back. */
function movingRefusal(state: CoreState, file: TrackedFile): string | null {
  const route = state.routes.get(file.route);
  if (route?.gate.state !== 'open') return null;
  return route.hold === null ? 'it is about to be carried' : `its route is held by ${route.hold.by}; release the route`;
}

function skipRefusal(file: TrackedFile): string | null {
  if (isRunning(file)) return isPublishing(file) ? 'it is carried and just being given its name' : null;
  if (isOverOrRunning(file)) return overOrRunning(file);
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
    case 'IN_QUEUE':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      return null;
    case 'READY':
      return file.hold === 'operator' ? 'it is skipped already' : null;
    default:
      return unreachable(file);
  }
}

function firstRefusal(file: TrackedFile): string | null {
  if (!file.nameValid) return 'its name is not valid UTF-8; rename it at the source';
  if (isOverOrRunning(file)) return overOrRunning(file);
  switch (file.status) {
    case 'READY':
      return file.hold === 'operator' || file.hold === 'needs_you' ? 'it is held; retry it' : null;
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

/** Its copy has begun, or it has ended. */
function isOverOrRunning(file: TrackedFile): file is RunningFile | EndedFile {
  return isRunning(file) || isEnded(file.status);
}

function overOrRunning(file: RunningFile | EndedFile): string {
  switch (file.status) {
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      return 'it is carried and verified already';
    case 'FAILED':
    case 'REMOVED':
      return 'it is gone from the source';
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      return 'it is being carried';
    default:
      return unreachable(file);
  }
}

function routeRefusal(state: CoreState, action: RouteAction): string | null {
  const route = state.routes.get(action.route);
  if (route === undefined) return `there is no route ${JSON.stringify(action.route)}; there are ${[...state.routes.keys()].join(', ')}`;
  if (action.do === 'release') return route.hold === null ? 'it is not held' : null;
  if (action.do !== 'adopt') return null;
  if (route.gate.state === 'open') return 'its destination is online, and the one that is known';
  return route.gate.cause === 'not_the_destination'
    ? null
    : `its destination is offline (${route.gate.operator}); nobody can say what is there`;
}
