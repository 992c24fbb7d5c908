import { isCompleted, sameFingerprint, type TrackedFile } from '@sluice/core/model';
import type { EndedKey, JournalReader } from '@sluice/persistence';
import { errnoOf, watchOwnDisk } from '@sluice/platform';
import { ContentReader, type FileFacts, mountedFolder, type Storage } from '@sluice/transport';
import { limits } from '../limits.ts';
import type { Away, Copy, Difference, Differing, RouteAudit, SourceNow, Verified } from '../model.ts';
import { findDestination } from '../process/destination.ts';
import { isBelow } from '../process/folder.ts';
import type { AuditInit } from '../process/messages.ts';
import type { Reporter } from '../process/reporter.ts';
import { isSameTime } from '../process/times.ts';
import { findRenamed } from './renamed.ts';

/** What copies are compared with. */
export interface Comparing {
  readonly init: AuditInit;
  readonly destination: Storage;
  readonly source: Storage;
  readonly content: ContentReader;
  readonly reporter: Reporter;
  readonly mount: Parameters<ContentReader['read']>[0]['mount'];
  readonly verified: { -readonly [Key in keyof Verified]: number };
}

/** Reads the copies of a route, newest first, and compares them with the journal. */
export async function verifyCopies(
  init: AuditInit & { readonly task: { readonly kind: 'verify' } },
  journal: Pick<JournalReader, 'past'>,
  reporter: Reporter,
  isOpen: () => boolean,
): Promise<{ readonly route: RouteAudit; readonly verified: Verified }> {
  const { route } = init;
  const verified = { files: 0, bytes: 0, direct: 0, cached: 0, sizeOnly: 0 };
  const about = { route: route.name, sourceCode: null, unread: [], leftAlone: [] };
  // The records are read again below instead of kept in memory: there may be a million.
  let [files, bytes] = [0, 0];
  for (const { fingerprint } of copiesOf(init, journal)) {
    files += 1;
    bytes += fingerprint.sizeBytes;
  }
  await reporter.send({ kind: 'counted', files, bytes });
  const comparing = await beginComparing(init, reporter, isOpen, verified);
  if ('away' in comparing) return { route: { ...about, away: comparing.away }, verified };
  const missing: Copy[] = [];
  for (const copy of copiesOf(init, journal)) {
    const difference = await compare(comparing, copy);
    if (difference?.kind === 'missing') missing.push(copy);
    else if (difference !== null) await differs(comparing, copy, difference);
  }
  const renamed = await findRenamed(comparing, missing, () => namesOf(init, journal));
  for (const copy of missing) await differs(comparing, copy, { kind: 'missing', renamedTo: renamed.get(copy.id) ?? null });
  return { route: { ...about, away: null }, verified };
}

/** Opens both sides of a route. @returns why its destination cannot be read, if it cannot */
export async function beginComparing(
  init: AuditInit,
  reporter: Reporter,
  isOpen: () => boolean,
  verified: Comparing['verified'] = { files: 0, bytes: 0, direct: 0, cached: 0, sizeOnly: 0 },
): Promise<Comparing | { readonly away: Away }> {
  const { route } = init;
  const found = await findDestination(init, isOpen);
  if ('away' in found) return found;
  return {
    init,
    reporter,
    verified,
    mount: found.mount,
    destination: mountedFolder(route.destination, watchOwnDisk(route.destination)),
    source: mountedFolder(route.source, watchOwnDisk(route.source), 'source'),
    content: await ContentReader.load(),
  };
}

/** Yields the newest copy under each name at the destination. */
function* copiesOf(
  { route, folder, task }: AuditInit & { readonly task: { readonly kind: 'verify' } },
  journal: Pick<JournalReader, 'past'>,
): Generator<Copy> {
  const names = new Set<string>();
  const skipped = new Set(task.skipped);
  let before: EndedKey | null = null;
  for (;;) {
    const page: readonly TrackedFile[] = journal.past({ since: task.since, limit: limits.pageRows, before });
    for (const file of page) {
      if (file.route !== route.name || !isCompleted(file) || names.has(file.destination)) continue;
      names.add(file.destination);
      if (!skipped.has(file.id) && (isBelow(file.source, folder) || isBelow(file.destination, folder))) yield file;
    }
    const last = page.at(-1);
    if (last === undefined || last.endedAt === null || page.length < limits.pageRows) return;
    before = { endedAt: last.endedAt, id: last.id };
  }
}

function namesOf(init: Parameters<typeof copiesOf>[0], journal: Parameters<typeof copiesOf>[1]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { destination } of copiesOf(init, journal)) names.add(destination);
  return names;
}

/** Compares one copy, and counts it. @returns null if it matches the journal */
export async function compare(comparing: Comparing, copy: Copy): Promise<Difference | null> {
  const { content, destination: storage, mount, reporter, verified } = comparing;
  const { sizeBytes } = copy.fingerprint;
  const onRead = (read: number): void => void reporter.progress(read).catch(() => undefined);
  try {
    const read = await content.read({ storage, side: 'destination', name: copy.destination, sizeBytes, mount, onRead });
    const isRight = copy.hash === null ? read.hash !== null : read.hash?.value === copy.hash.value;
    if (!isRight) {
      const isSilent = read.facts.sizeBytes === sizeBytes && isSameTime(read.facts.mtimeNs, copy.fingerprint.mtimeNs);
      return isSilent ? { kind: 'silently_changed' } : { kind: 'changed', sizeBytes: read.facts.sizeBytes };
    }
    verified.files += 1;
    verified.bytes += sizeBytes;
    verified[copy.hash === null ? 'sizeOnly' : read.readback] += 1;
    await reporter.right(copy.id, sizeBytes);
    return null;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', renamedTo: null };
    if (notAFile.has(code)) return { kind: 'not_a_file' };
    return { kind: 'unreadable', code };
  }
}

const notAFile = new Set(['ELOOP', 'EFTYPE', 'EISDIR', 'LINKED', 'ENXIO']);

async function differs({ init, source, reporter }: Comparing, copy: Copy, difference: Difference): Promise<void> {
  const now: SourceNow = await sourceNow(source, copy);
  const { id, source: path, destination, fingerprint } = copy;
  const { sizeBytes } = fingerprint;
  const file: Differing = { id, route: init.route.name, source: path, destination, sizeBytes, difference, sourceNow: now };
  await reporter.send({ kind: 'differs', file });
  await reporter.seen(sizeBytes);
}

/** Returns whether the source still has the file that was copied, by size and modification time. */
export async function sourceNow(source: Storage, { source: path, fingerprint }: Copy): Promise<SourceNow> {
  let facts: FileFacts | null;
  try {
    facts = await source.stat(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTDIR') return 'unknown';
    facts = null;
  }
  // If the source is not mounted, nothing is known about its files.
  if (facts === null) return (await isThere(source)) ? 'gone' : 'unknown';
  const { kind, sizeBytes, mtimeNs } = facts;
  return kind === 'file' && sameFingerprint({ sizeBytes, mtimeNs }, fingerprint) ? 'unchanged' : 'changed';
}

async function isThere(source: Storage): Promise<boolean> {
  try {
    return (await source.stat(''))?.kind === 'folder';
  } catch {
    return false;
  }
}
