// REMOVED: the file was gone from the source, or emptied there, before it was copied.
//
// Entered from every state that has no copy under way; where it was emptied, from DISCOVERED and GROWING, once it has come to rest. An end.

import { sweepAt } from '../leftovers.ts';
import type { FileEvent } from '../messages/file-event.ts';
import { unreachable } from '../model/assert.ts';
import { commonOf, type TrackedFile } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { withLast } from '../policy/leftovers.ts';
import { forgetFirst } from '../queue.ts';
import { forgetLost, type RouteState } from '../state/state.ts';
import { ask, move, noteLost, type Work } from '../state/work.ts';

/**
 * Ends a file whose source is gone before it was copied. Nothing follows it.
 *
 * @param isElsewhere whether the same file now has another path at the source
 */
export function remove(work: Work, route: RouteState, file: TrackedFile, isElsewhere: boolean): void {
  const event: FileEvent = file.renamedTo === undefined ? { kind: 'source_gone' } : { kind: 'renamed', to: file.renamedTo };
  endRemoved(work, route, file, !isElsewhere && wasToBeCopied(file), event);
}

/** Ends a file that has settled without a byte. Its earlier content is lost. Empty files are not copied. */
export function endEmptied(work: Work, route: RouteState, file: TrackedFile): void {
  endRemoved(work, route, file, true, { kind: 'emptied' });
}

function endRemoved(work: Work, route: RouteState, file: TrackedFile, isLost: boolean, event: FileEvent): void {
  const removed = move(work, { ...withLast(commonOf(file)), status: 'REMOVED', endedAt: work.wall, sourceGone: true, isLost }, event);
  if (isLost) {
    noteLost(work, route, removed.id);
    const condition = { kind: 'file_lost', source: file.source, isEmptied: event.kind === 'emptied' } as const;
    ask(work, { kind: 'attention', route: file.route, name: 'files_lost', condition });
  }
  forgetFirst(route, file.source);
  sweepAt(route, removed, work.at);
}

/**
 * Returns whether a removed file counts as lost. One that never came to rest, has a name that cannot be copied, or was skipped,
 * does not.
 */
function wasToBeCopied(file: TrackedFile): boolean {
  switch (file.status) {
    case 'GROWING':
      return file.stuck;
    case 'READY':
      return file.nameValid && file.hold !== 'operator';
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
    case 'IN_QUEUE':
      return true;
    case 'DISCOVERED':
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
    case 'FAILED':
    case 'REMOVED':
      return false;
    default:
      return unreachable(file);
  }
}

/** Stops reporting files that vanished long ago. */
export function pursueLost(work: Work, route: RouteState): void {
  for (const id of route.lost) {
    if ((route.lostSince.get(id) ?? Number.NEGATIVE_INFINITY) + limits.lostForMs > work.at) return;
    forgetLost(route, id);
  }
}
