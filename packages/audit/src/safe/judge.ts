import {
  type DestinationMount,
  identityText,
  isCompleted,
  type RouteSettings,
  type SourceEntry,
  sameFingerprint,
  type TrackedFile,
} from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { errnoOf } from '@sluice/platform';
import type { ContentReader, Storage } from '@sluice/transport';
import type { Copy, Judged, NotSafe } from '../model.ts';
import { isSameTime } from '../process/times.ts';

/** What files at the source are judged with. */
export interface JudgeDependencies {
  readonly route: RouteSettings;
  readonly journal: Pick<JournalReader, 'lineage' | 'timeline'>;
  readonly source: Storage;
  readonly destination: Storage;
  /** The mount of the destination. */
  readonly mount: DestinationMount;
  readonly content: ContentReader;
  /** Whether the bytes on both sides are read. */
  readonly reads: boolean;
  readonly onRead: (bytes: number) => void;
}

/** Judges one file that is at the source now. It never rejects because of what it finds. */
export async function judge(dependencies: JudgeDependencies, entry: SourceEntry): Promise<Judged> {
  const { path } = entry;
  const { sizeBytes } = entry.fingerprint;
  const unsafe = (why: NotSafe): Judged => ({ path, sizeBytes, why, readback: null });
  if (!entry.nameValid) return unsafe({ kind: 'name_invalid' });
  const copy = findCopy(dependencies.journal.lineage(dependencies.route.name, path), entry);
  if ('kind' in copy) return unsafe(copy);
  const isOther = mayBeOther(copy, entry);
  try {
    // With `reads` its bytes are compared with the copy anyway.
    if (isOther && !dependencies.reads && !(await hasCopiedBytes(dependencies, entry, copy))) return unsafe({ kind: 'other_file' });
  } catch (error) {
    return unsafe({ kind: 'unreadable', side: 'source', code: errnoOf(error) });
  }
  try {
    const proof = await judgeCopy(dependencies, entry, copy);
    const now = isOther && entry.identity !== null ? { identity: identityText(entry.identity) } : {};
    const proven = proof.why === null ? { copy: { id: copy.id, mtimeNs: copy.fingerprint.mtimeNs, ...now } } : {};
    return { path, sizeBytes, ...proof, ...proven };
  } catch (error) {
    return unsafe({ kind: 'unreadable', side: 'destination', code: errnoOf(error) });
  }
}

/** Returns the copy of the file that is at the source now, or why there is none. @param attempts oldest first */
export function findCopy(attempts: readonly TrackedFile[], entry: SourceEntry): Copy | NotSafe {
  const newest = attempts.at(-1);
  if (newest === undefined) return { kind: 'not_known' };
  const copies = attempts.filter(isCompleted);
  const same = copies.findLast((copy) => sameFingerprint(copy.fingerprint, entry.fingerprint));
  if (same === undefined) {
    const copy = copies.at(-1);
    const isLive = copy === undefined || !isCompleted(newest);
    return isLive ? { kind: 'not_copied', status: newest.status } : { kind: 'changed', copiedBytes: copy.fingerprint.sizeBytes };
  }
  return same;
}

/**
 * Returns whether the file at the source has another device or inode number, another change time or another medium than the one that
 * was copied. It may be another file, or the same one on a disk that was mounted again.
 */
export function mayBeOther({ identity, changedMs, medium }: Copy, entry: SourceEntry): boolean {
  if (identity !== undefined && entry.identity !== null && identity !== identityText(entry.identity)) return true;
  if (changedMs !== undefined && entry.changedMs !== undefined && changedMs !== entry.changedMs) return true;
  return entry.medium !== undefined && medium !== entry.medium;
}

/** Returns whether the file at the source has the bytes that were copied. */
async function hasCopiedBytes({ content, source, onRead }: JudgeDependencies, entry: SourceEntry, { hash }: Copy): Promise<boolean> {
  if (hash === null) return false;
  const { path, fingerprint } = entry;
  const here = await content.read({ storage: source, side: 'source', name: path, sizeBytes: fingerprint.sizeBytes, mount: null, onRead });
  return here.hash?.value === hash.value;
}

type Proof = Pick<Judged, 'why' | 'readback'>;

async function judgeCopy(dependencies: JudgeDependencies, entry: SourceEntry, copy: Copy): Promise<Proof> {
  const name = copy.destination;
  const facts = await statOrNull(dependencies.destination, name);
  if (facts === null || facts.kind !== 'file') return no({ kind: 'copy_missing', destination: name });
  if (facts.sizeBytes !== entry.fingerprint.sizeBytes) {
    return no({ kind: 'copy_size', destination: name, sizeBytes: facts.sizeBytes });
  }
  if (dependencies.reads) return await compareBytes(dependencies, entry, copy);
  if (isTouched(copy, facts.mtimeNs)) {
    // Sluice did not set the time of a file that was at the destination before, and does not set it again when that of the source
    // has changed, so only the bytes can show whether it is the copy.
    if (!copy.copied || hasNewTime(dependencies, copy)) return await compareBytes(dependencies, entry, copy);
    return no({ kind: 'copy_touched', destination: name });
  }
  return isWeak(dependencies, copy.readback) ? no({ kind: 'weak_proof', readback: copy.readback }) : yes(copy.readback);
}

/** Reads the copy, and then the source. */
async function compareBytes(dependencies: JudgeDependencies, { path, fingerprint }: SourceEntry, copy: Copy): Promise<Proof> {
  const { content, destination, mount, source, onRead } = dependencies;
  const { hash } = copy;
  const { sizeBytes } = fingerprint;
  if (hash === null) return no({ kind: 'weak_proof', readback: 'size' });
  const there = await content.read({ storage: destination, side: 'destination', name: copy.destination, sizeBytes, mount, onRead });
  if (there.hash?.value !== hash.value) return no({ kind: 'copy_differs', destination: copy.destination });
  if (isWeak(dependencies, there.readback)) return no({ kind: 'weak_proof', readback: there.readback });
  if (!dependencies.reads) return yes(there.readback);
  try {
    const here = await content.read({ storage: source, side: 'source', name: path, sizeBytes, mount: null, onRead });
    return here.hash?.value === hash.value ? yes(there.readback) : no({ kind: 'source_differs' });
  } catch (error) {
    return no({ kind: 'unreadable', side: 'source', code: errnoOf(error) });
  }
}

/** Returns whether the comparison does not prove that the storage has the bytes, and the route does not accept that. */
function isWeak({ route, mount }: JudgeDependencies, readback: Copy['readback']): boolean {
  if (route.afterCopyProof === 'weak') return false;
  return readback === 'size' || (readback === 'cached' && mount.cache === 'writes');
}

/** Returns whether the copy has another time than Sluice gave it. */
function isTouched({ fingerprint, notes }: Copy, mtimeNs: string): boolean {
  if (notes.some(({ kind }) => kind === 'times_not_set')) return false;
  return !isSameTime(mtimeNs, fingerprint.mtimeNs);
}

/** Returns whether the time of the source has changed since the copy, so that the record no longer has the one that the copy was given. */
function hasNewTime({ journal }: JudgeDependencies, { id }: Copy): boolean {
  return journal.timeline(id).some(({ event }) => event.kind === 'same_bytes');
}

async function statOrNull(storage: Storage, name: string): Promise<Awaited<ReturnType<Storage['stat']>> | null> {
  try {
    return await storage.stat(name);
  } catch (error) {
    if (notThere.has(errnoOf(error))) return null;
    throw error;
  }
}

const notThere = new Set(['ENOENT', 'ENOTDIR', 'LINKED', 'ELOOP']);

function no(why: NotSafe): Proof {
  return { why, readback: null };
}

function yes(readback: Copy['readback']): Proof {
  return { why: null, readback };
}
