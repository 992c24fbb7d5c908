import type { DiscoveredFile, GrowingFile } from '../model/file.ts';
import { settledAfter } from '../policy/growth.ts';
import type { RouteState } from '../state/state.ts';
import { type Work, wakeAt } from '../state/work.ts';

/** A file that has to come to rest before it is carried. */
export type UnsettledFile = DiscoveredFile | GrowingFile;

/** Requests a check of a path. A path requested while a check is under way goes with the next one. */
export function wantCheck(route: RouteState, path: string): void {
  route.scanning.pathsToCheck.add(path);
}

/** When the file wants to be looked at next: while it may be a recording every `poll`, else when it may have settled. */
export function watchOn(work: Work, route: RouteState, file: UnsettledFile): void {
  const { growing } = route.settings;
  const settled = settlesAt(route, file);
  const mayBeRecording = file.mayGrow && growing.enabled && work.at < settled;
  wakeAt(work, file.id, Math.max(work.at + 1, mayBeRecording ? Math.min(work.at + growing.pollMs, settled) : settled));
}

/** See `settledAfter`. */
export function settlesAt({ settings, source }: RouteState, file: UnsettledFile): number {
  return settledAfter(file.growth, settings.stableAfterMs, source.cacheMs);
}
