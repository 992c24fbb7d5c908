import { unreachable } from '../model/assert.ts';
import type { SourceEntry, TrackedFile } from '../model/file.ts';
import { sameFingerprint } from '../model/ids.ts';
import { newestOf, type RouteState } from '../state/state.ts';
import { refresh, type Work } from '../state/work.ts';
import { observeCompleted } from '../states/completed.ts';
import { discover } from '../states/discovered.ts';
import { rediscover } from '../states/failed.ts';
import { observeUnsettled } from '../states/growing.ts';
import { observeReady, observeWaiting } from '../states/moved.ts';

/** The intake tells of a source file: new, or with another fingerprint than it told before. */
export function observe(work: Work, route: RouteState, entry: SourceEntry): void {
  const file = newestOf(work.state, route, entry.path);
  if (file === null) {
    discover(work, route, entry, null);
    return;
  }
  route.departed.delete(file.id);
  observeKnown(work, route, file, entry);
}

function observeKnown(work: Work, route: RouteState, file: TrackedFile, entry: SourceEntry): void {
  switch (file.status) {
    case 'DISCOVERED':
    case 'GROWING':
      observeUnsettled(work, route, file, entry);
      return;
    case 'READY':
      observeReady(work, route, file, entry);
      return;
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
      observeWaiting(work, route, file, entry);
      return;
    case 'IN_QUEUE':
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      // Its carrier watches the source itself; what is seen here serves a later attempt.
      if (file.sourceGone || !sameFingerprint(file.fingerprint, entry.fingerprint)) {
        refresh(work, { ...file, fingerprint: entry.fingerprint, sourceGone: false });
      }
      return;
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      observeCompleted(work, route, file, entry);
      return;
    case 'FAILED':
      rediscover(work, route, file, entry);
      return;
    case 'REMOVED':
      discover(work, route, entry, file);
      return;
    default:
      unreachable(file);
  }
}
