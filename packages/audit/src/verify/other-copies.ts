import { isCompleted, sameFingerprint } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { limits } from '../limits.ts';
import type { Copy, RouteAudit } from '../model.ts';
import type { AuditInit, SoughtFile } from '../process/messages.ts';
import type { Reporter } from '../process/reporter.ts';
import { beginComparing, type Comparing, compare } from './verify-copies.ts';

type Copied = Pick<Copy, 'fingerprint' | 'hash'>;
type Journal = Pick<JournalReader, 'file' | 'lineage'>;

/** A file whose copy differs, and the copies of it in this route, newest first. */
interface Found {
  readonly id: SoughtFile['id'];
  readonly copies: readonly [Copy, ...Copy[]];
}

/**
 * Finds copies of files whose copies in another route differ. What the journal has is reported first, because the storage may not
 * answer; then the bytes are read, of `limits.otherCopiesRead` files at most.
 */
export async function findOtherCopies(
  init: AuditInit & { readonly task: { readonly kind: 'others' } },
  journal: Journal,
  reporter: Reporter,
  isOpen: () => boolean,
): Promise<RouteAudit> {
  const about = { route: init.route.name, sourceCode: null, unread: [], leftAlone: [] };
  const found: Found[] = [];
  for (const sought of init.task.of) {
    const [first, ...others] = copiesOf(init, journal, sought);
    if (first === undefined) continue;
    found.push({ id: sought.id, copies: [first, ...others] });
    await reporter.send({ kind: 'other_copy', id: sought.id, destination: first.destination, isRead: false });
  }
  if (found.length === 0) return { ...about, away: null };
  const comparing = await beginComparing(init, reporter, isOpen);
  if ('away' in comparing) return { ...about, away: comparing.away };
  for (const { id, copies } of found.slice(0, limits.otherCopiesRead)) {
    const right = await firstRight(comparing, copies);
    await reporter.send({ kind: 'other_copy', id, destination: right?.destination ?? null, isRead: right !== null });
  }
  return { ...about, away: null };
}

async function firstRight(comparing: Comparing, copies: readonly Copy[]): Promise<Copy | null> {
  for (const copy of copies) if ((await compare(comparing, copy)) === null) return copy;
  return null;
}

function copiesOf({ route }: AuditInit, journal: Journal, { id, paths }: SoughtFile): readonly Copy[] {
  const file = journal.file(id);
  if (file === null || !isCompleted(file)) return [];
  const attempts = paths.flatMap((path) => journal.lineage(route.name, path)).toReversed();
  return attempts.flatMap((each) => (isCompleted(each) && isSameContent(file, each) ? [each] : []));
}

/** Without two hashes, size and modification time decide. */
function isSameContent(a: Copied, b: Copied): boolean {
  if (a.hash === null || b.hash === null || a.hash.algorithm !== b.hash.algorithm) return sameFingerprint(a.fingerprint, b.fingerprint);
  return a.hash.value === b.hash.value && a.fingerprint.sizeBytes === b.fingerprint.sizeBytes;
}
