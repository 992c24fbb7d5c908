import type { CompletedFile, SourceEntry } from '../model/file.ts';
import { identityText, sameFingerprint } from '../model/ids.ts';
import type { RouteState } from '../state/state.ts';
import { refresh, type Work } from '../state/work.ts';
import { discoverNewer } from '../states/discovered.ts';

/** A copied file whose source was gone is at the source again, unchanged. */
export function cameBack(work: Work, file: CompletedFile): CompletedFile {
  const { renamedTo: _, ...kept } = file;
  return refresh(work, { ...kept, sourceGone: false });
}

/**
 * Handles an entry under the name of a file whose source has a hidden name. It is the next file, unless it is the state that was
 * seen before.
 */
export function observeNext(work: Work, route: RouteState, file: CompletedFile, entry: SourceEntry): void {
  const { fingerprint, identity } = entry;
  const isKnown = identity !== null && file.identity !== undefined;
  const isOther = isKnown && identityText(identity) !== file.identity;
  const isNext = isOther || !sameFingerprint(file.fingerprint, fingerprint);
  const isSameSize = fingerprint.sizeBytes === file.fingerprint.sizeBytes;
  // The file itself, not hidden yet or no longer. Whether its bytes have changed is judged once its removal is over.
  if (isKnown && !isOther && isSameSize && file.status === 'COMPLETED') route.removals.takenAway.add(entry.path);
  else if (isNext && fingerprint.sizeBytes > 0) discoverNewer(work, route, entry, file, 0);
  // The intake does not report it again.
  if (!isNext) route.removals.seen.set(file.id, entry);
}
