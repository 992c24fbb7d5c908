import { realpath } from 'node:fs/promises';
import { runChild } from '@sluice/child';
import type { LeftAlone, RouteSettings, SourceEntry, UnmatchedPattern } from '@sluice/core/model';
import { settleAtRoot, watchLimit } from '@sluice/platform';
import { limits } from './limits.ts';
import { listSource } from './listing/listing.ts';
import { mountOfSource } from './mount.ts';
import { createRules, sentences } from './rules/rules.ts';

/** What one rule or pattern left alone. A folder counts once, whatever it holds. */
export interface LeftCount extends LeftAlone {
  /** The rule in words. */
  readonly sentence: string;
}

/** The largest file of a source. */
interface LargestFile {
  /** Path relative to the source folder. */
  readonly path: string;
  /** Its size. */
  readonly sizeBytes: number;
}

/** What one scan of a source found, for `sluice check`. */
export interface SourceSurvey {
  /** Filesystem and device, such as `(nfs4 nas01:/ingest)`. */
  readonly description: string;
  /** It is on a disk without hard links, such as FAT or exFAT, or may be. */
  readonly mayLackLinks: boolean;
  /** Error code of what could not be read. Null: everything could. */
  readonly failure: string | null;
  /** What could not be read, relative to the source folder. Null: nothing, or the source itself. */
  readonly unreadPath: string | null;
  /** Files that are copied, or would be if they had a valid name. */
  readonly taken: number;
  /** Their sizes together. */
  readonly takenBytes: number;
  /** The largest of them. Null: there are none. */
  readonly largest: LargestFile | null;
  /** Number of folders that the agent watches, including the source itself. */
  readonly folders: number;
  /** Number of folders that all programs of a user together may watch. Null: unknown, or the system has no such limit. */
  readonly watchLimit: number | null;
  /** The first of the names that cannot be copied because they are not valid UTF-8. */
  readonly invalidNames: readonly string[];
  /** Number of such names. */
  readonly invalidCount: number;
  /** What the rules and patterns left alone. */
  readonly leftAlone: readonly LeftCount[];
  /** Patterns that matched nothing. */
  readonly unmatched: readonly UnmatchedPattern[];
}

/** Lists a source once and counts what every rule says. Changes nothing. */
export async function surveySource(route: RouteSettings, ownMarkers: readonly string[] = []): Promise<SourceSurvey> {
  const invalidNames: string[] = [];
  let invalidCount = 0;
  let folders = 1;
  const listing = await listSource({
    root: route.source,
    rules: createRules(route),
    stableAfterMs: route.stableAfterMs,
    now: Date.now(),
    ownMarkers: new Set(ownMarkers),
    onSeen(seen) {
      if (seen.left === null && seen.entry.kind === 'folder') folders += 1;
      if (seen.left !== null || seen.nameValid) return;
      invalidCount += 1;
      if (invalidNames.length < limits.invalidExamples) invalidNames.push(seen.entry.path);
    },
  });
  const { description, mayLackLinks } = mountOfSource(await realpath(route.source).catch(() => route.source));
  return {
    description,
    mayLackLinks,
    failure: listing.failure,
    unreadPath: listing.unreadPath,
    taken: listing.entries.length,
    takenBytes: listing.entries.reduce((sum, entry) => sum + entry.fingerprint.sizeBytes, 0),
    largest: largestOf(listing.entries),
    folders,
    watchLimit: watchLimit(),
    invalidNames,
    invalidCount,
    leftAlone: listing.selection.leftAlone.map((row) => ({ ...row, sentence: sentences[row.rule] })),
    unmatched: listing.selection.unmatched,
  };
}

function largestOf(entries: readonly SourceEntry[]): SourceSurvey['largest'] {
  let largest: SourceSurvey['largest'] = null;
  for (const { path, fingerprint } of entries) {
    if (largest === null || fingerprint.sizeBytes > largest.sizeBytes) largest = { path, sizeBytes: fingerprint.sizeBytes };
  }
  return largest;
}

/** The survey process: one answer, then it waits to be ended. */
export function runSurvey(): void {
  settleAtRoot();
  runChild<{ readonly route: RouteSettings; readonly ownMarkers: readonly string[] }, never, SourceSurvey>(
    ({ route, ownMarkers }, channel) => {
      surveySource(route, ownMarkers)
        .then((survey) => channel.send(survey))
        .catch((error: unknown) => {
          if (channel.isOpen()) throw error;
        });
    },
  );
}
