import type { LeftAlone } from '@sluice/core/model';
import { createRules, ListedDisks, type Listing, listSource } from '@sluice/intake';
import type { JournalReader } from '@sluice/persistence';
import { hasRealInodesAt, statOrNull, watchOwnDisk } from '@sluice/platform';
import { ContentReader, mountedFolder } from '@sluice/transport';
import { limits } from '../limits.ts';
import type { Judged, RouteAudit } from '../model.ts';
import { findDestination } from '../process/destination.ts';
import { isBelow } from '../process/folder.ts';
import type { AuditInit } from '../process/messages.ts';
import type { Reporter } from '../process/reporter.ts';
import { judge } from './judge.ts';

/** Judges every file that is at the source of a route now. */
export async function auditSource(
  init: AuditInit & { readonly task: { readonly kind: 'safe' } },
  journal: Pick<JournalReader, 'lineage' | 'timeline'>,
  reporter: Reporter,
  isOpen: () => boolean,
): Promise<RouteAudit> {
  const { route, folder } = init;
  const { listing, left } = await listNow(init, () => void reporter.progress(0).catch(() => undefined));
  const entries = listing.entries.filter(({ path }) => isBelow(path, folder));
  const bytes = entries.reduce((sum, { fingerprint }) => sum + fingerprint.sizeBytes, 0);
  await reporter.send({ kind: 'counted', files: entries.length, bytes });
  for (const judged of left) await reporter.judged(judged);
  const found = await findDestination(init, isOpen);
  const about = {
    route: route.name,
    sourceCode: listing.failure,
    unread: unreadOf(listing).filter((path) => isBelow(path, folder) || isBelow(folder ?? '', path)),
    leftAlone: folder === null ? listing.selection.leftAlone : below(listing.selection.leftAlone, folder),
  };
  if ('away' in found) return { ...about, away: found.away };
  const source = mountedFolder(route.source, watchOwnDisk(route.source), 'source');
  const destination = mountedFolder(route.destination, watchOwnDisk(route.destination));
  const content = await ContentReader.load();
  const onRead = (read: number): void => void reporter.progress(read).catch(() => undefined);
  const dependencies = { route, journal, source, destination, content, onRead, mount: found.mount, reads: init.task.reads };
  for (const entry of entries) await reporter.judged(await judge(dependencies, entry));
  return { ...about, away: null };
}

interface Now {
  readonly listing: Listing;
  /** Files that only a pattern of the route left alone. */
  readonly left: readonly Judged[];
}

/** @param onCall called before each call to the source, and so after each one that has ended */
async function listNow({ route, ownMarkers, folder }: AuditInit, onCall: () => void): Promise<Now> {
  const left: Judged[] = [];
  const root = await statOrNull(route.source);
  const listing = await listSource({
    root: route.source,
    rules: createRules(route),
    stableAfterMs: route.stableAfterMs,
    now: Date.now(),
    ownMarkers: new Set(ownMarkers),
    isOwnDisk: watchOwnDisk(route.source)(),
    disks: root === null ? null : new ListedDisks(String(root.dev), await hasRealInodesAt(route.source)),
    onCall,
    onSeen({ entry, left: why }) {
      if (why === null || !isBelow(entry.path, folder) || left.length >= limits.namedPaths) return;
      if (why.rule !== 'excluded' && why.rule !== 'not_included') return;
      left.push({
        path: entry.path,
        sizeBytes: entry.kind === 'file' ? entry.sizeBytes : 0,
        why: { kind: 'left_alone', rule: why.rule, pattern: why.pattern },
        readback: null,
      });
    },
  });
  return { listing, left };
}

function unreadOf({ failure, unread }: Listing): readonly string[] {
  if (failure === null) return [];
  return (unread ?? ['']).slice(0, limits.namedPaths);
}

/**
 * Returns the rows for one folder. Their counts are those of the whole source, so a row is shown only if one of its examples is
 * in the folder.
 */
function below(rows: readonly LeftAlone[], folder: string): readonly LeftAlone[] {
  return rows.flatMap((row) => {
    const examples = row.examples.filter((path) => isBelow(path, folder));
    return examples.length === 0 ? [] : [{ ...row, count: examples.length, folders: 0, examples }];
  });
}
