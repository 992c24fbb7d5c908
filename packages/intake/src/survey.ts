import { runChild } from '@sluice/child';
import type { LeftAlone, RouteSettings, SourceEntry, UnmatchedPattern } from '@sluice/core/model';
import { limits } from './limits.ts';
import { listSource } from './listing/listing.ts';
import { mountOfSource } from './mount.ts';
import { createRules, sentences } from './rules/rules.ts';

/** What one rule or pattern left alone. */
export interface LeftCount extends LeftAlone {
  readonly sentence: string;
}

/** What `sluice check` says of a source. */
export interface SourceSurvey {
  readonly description: string;
  /** Code of what could not be read, or null. */
  readonly failure: string | null;
  /** Which one, relative; null: the source itself, or none. */
  readonly unreadPath: string | null;
  readonly taken: number;
  readonly takenBytes: number;
  /** The largest of them; null: there is none. */
  readonly largest: { readonly path: string; readonly sizeBytes: number } | null;
  /** The first of the names that cannot be copied, and how many there are. */
  readonly invalidNames: readonly string[];
  readonly invalidCount: number;
  readonly leftAlone: readonly LeftCount[];
  /** Patterns that matched nothing. */
  readonly unmatched: readonly UnmatchedPattern[];
}

/** Lists a source once and counts what every rule says. Changes nothing. */
export async function surveySource(route: RouteSettings, ownMarkers: readonly string[] = []): Promise<SourceSurvey> {
  const invalidNames: string[] = [];
  let invalidCount = 0;
  const listing = await listSource({
    root: route.source,
    rules: createRules(route),
    stableAfterMs: route.stableAfterMs,
    now: Date.now(),
    ownMarkers: new Set(ownMarkers),
    onSeen(seen) {
      if (seen.left !== null || seen.nameValid) return;
      invalidCount += 1;
      if (invalidNames.length < limits.invalidExamples) invalidNames.push(seen.entry.path);
    },
  });
  return {
    description: mountOfSource(route.source).description,
    failure: listing.failure,
    unreadPath: listing.unreadPath,
    taken: listing.entries.length,
    takenBytes: listing.entries.reduce((sum, entry) => sum + entry.fingerprint.sizeBytes, 0),
    largest: largestOf(listing.entries),
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
