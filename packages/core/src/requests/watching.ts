import type { DiscoveredFile, GrowingFile } from '../model/file.ts';
import type { RouteState } from '../state/state.ts';
import { type Work, wakeAt } from '../state/work.ts';

/** A file that has to come to rest before it is carried. */
export type UnsettledFile = DiscoveredFile | GrowingFile;

/** Wants a path to be looked at; what is asked for while a look is under way goes with the next. */
export function wantLook(route: RouteState, path: string): void {
  route.scanning.wantedLooks.add(path);
}

/** When the file wants to be looked at next: while it may be a recording every `poll`, else when it may have settled. */
export function watchOn(work: Work, route: RouteState, file: UnsettledFile): void {
  const { growing } = route.settings;
  const settlesAt = settledAfter(route, file);
  const mayBeRecording = file.mayGrow && growing.enabled && work.at < settlesAt;
  wakeAt(work, file.id, Math.max(work.at + 1, mayBeRecording ? Math.min(work.at + growing.pollMs, settlesAt) : settlesAt));
}

/** Monotonic moment from which on a look that shows no move proves the rest; staler attributes prove nothing. */
export function settledAfter(route: RouteState, file: UnsettledFile): number {
  return file.growth.movedAt + route.settings.stableAfterMs + route.source.cacheMs;
}
