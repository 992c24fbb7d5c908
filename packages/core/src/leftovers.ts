import type { Event } from './messages/event.ts';
import { isEnded, type TrackedFile } from './model/file.ts';
import { id8, sweepId } from './model/ids.ts';
import { limits } from './model/limits.ts';
import { renamedLeftovers } from './policy/leftovers.ts';
import { departFile, type RouteState, type Sweep } from './state/state.ts';
import { ask, note, noteRoute, type Work } from './state/work.ts';

/**
 * Plans the removal of what earlier attempts left hidden. @param dueAt monotonic milliseconds; the removal also waits until the
 * destination is online
 */
export function sweepAt(route: RouteState, file: TrackedFile, dueAt: number): void {
  if (file.leftParts.length === 0) return;
  route.sweeps = [...route.sweeps.filter(({ fileId }) => fileId !== file.id), { fileId: file.id, dueAt, round: 0 }];
}

/** Removes temporary files of ended attempts, and again later: a late call of a dead child may have recreated one. */
export function pursueSweeps(work: Work, route: RouteState): void {
  if (route.gate.state !== 'open' || route.gate.mount === null) return;
  const due = route.sweeps.filter((sweep) => sweep.dueAt <= work.at);
  if (due.length === 0) return;
  route.sweeps = route.sweeps.filter((sweep) => sweep.dueAt > work.at);
  for (const sweep of due) sendSweep(work, route, sweep);
}

/** Requests a removal and plans the next one at once, because the answer may be lost with its carrier. */
function sendSweep(work: Work, route: RouteState, sweep: Sweep): void {
  const file = work.state.files.get(sweep.fileId);
  const { mount } = route.gate;
  if (file === undefined || mount === null) return;
  const parts = partsToSweep(file);
  if (parts.length === 0) return;
  const id = sweepId(work.ids.fresh());
  for (const [other, of] of route.sweeping) if (of === file.id) route.sweeping.delete(other);
  route.sweeping.set(id, file.id);
  noteRoute(work, route, { kind: 'parts_to_remove', parts });
  ask(work, { kind: 'remove_parts', route: route.settings.name, sweepId: id, parts, mount });
  route.sweeps.push({ fileId: file.id, dueAt: work.at + limits.sweepAgainMs, round: sweep.round + 1 });
}

/**
 * Returns the temporary files to remove. The one that a withdrawn live file left is not among them: its next copy writes to it,
 * and removes it first.
 */
function partsToSweep(file: TrackedFile): readonly string[] {
  if (isEnded(file.status)) return file.leftParts;
  return file.leftParts.filter((part) => !part.endsWith(`.${id8(file.id)}.part`));
}

/** Returns when the sweeping of this route next needs a `tick`. */
export function sweepWake(route: RouteState): number {
  if (route.gate.state !== 'open') return Number.POSITIVE_INFINITY;
  return route.sweeps.reduce((soonest, sweep) => Math.min(soonest, sweep.dueAt), Number.POSITIVE_INFINITY);
}

/** Plans sweeps after the destination is back: now, and again after late calls may have been carried out. */
export function sweepSoon(work: Work, route: RouteState): void {
  route.sweeping.clear();
  route.sweeps = route.sweeps.map(({ fileId }) => ({ fileId, dueAt: work.at, round: 0 }));
}

/** Applies the result of a sweep for temporary files. */
export function partsRemoved(work: Work, route: RouteState, event: Extract<Event, { kind: 'parts_removed' }>): void {
  const id = route.sweeping.get(event.sweepId);
  route.sweeping.delete(event.sweepId);
  const file = id === undefined ? undefined : work.state.files.get(id);
  if (file === undefined) return;
  const sweep = route.sweeps.find(({ fileId }) => fileId === file.id);
  const isOver = sweep === undefined || sweep.round >= limits.sweepRounds;
  if (isOver) route.sweeps = route.sweeps.filter((other) => other !== sweep);
  // Files that were added meanwhile were not part of the request.
  const leftParts = isOver ? file.leftParts.filter((part) => !event.removed.includes(part)) : file.leftParts;
  const noted = note(work, { ...file, leftParts }, { kind: 'parts_removed', removed: event.removed, kept: event.kept });
  if (isOver && route.departed.has(file.id)) departFile(work.state, route, { ...noted, leftParts: [] });
}

/** Renames visible leftovers to their marked names (`recovery.leftover = "mark"`), once the destination is online. */
export function pursueMarks(work: Work, route: RouteState): void {
  const { mount, state } = route.gate;
  if (state !== 'open' || mount === null) return;
  for (const id of route.toMark) {
    if (route.marking.has(id)) continue;
    const file = work.state.files.get(id);
    const mark = file?.toMark[0];
    if (file === undefined || mark === undefined) {
      route.toMark.delete(id);
      continue;
    }
    route.marking.add(id);
    note(work, file, { kind: 'leftover_to_mark', from: mark.from, to: mark.to });
    ask(work, { kind: 'mark_leftover', route: file.route, fileId: id, mark, mount });
  }
}

/**
 * Forgets the leftovers to rename, because another disk is the destination now: files with these names there are not the
 * leftovers.
 */
export function forgetMarks(work: Work, route: RouteState): void {
  for (const id of [...route.toMark]) {
    const file = work.state.files.get(id);
    if (file === undefined) continue;
    const events = file.toMark.map(({ from, to }) => ({ kind: 'leftover_marked', from, to, outcome: 'gone' }) as const);
    for (const event of events) note(work, { ...file, toMark: [] }, event);
    route.marking.delete(id);
    if (route.departed.has(id)) departFile(work.state, route, { ...file, toMark: [] });
  }
}

/** Applies the result of a rename. Whatever the result, it is not tried again. */
export function leftoverMarked(work: Work, route: RouteState, event: Extract<Event, { kind: 'leftover_marked' }>): void {
  route.marking.delete(event.fileId);
  const file = work.state.files.get(event.fileId);
  if (file === undefined) return;
  const { from, to } = event.mark;
  const toMark = file.toMark.filter((mark) => mark.from !== from);
  const leftVisible = event.outcome === 'done' ? file.leftVisible.map((name) => (name === from ? to : name)) : file.leftVisible;
  const leftovers = event.outcome === 'done' ? renamedLeftovers(file, from, to) : {};
  const noted = note(work, { ...file, toMark, leftVisible, ...leftovers }, { kind: 'leftover_marked', from, to, outcome: event.outcome });
  if (route.departed.has(noted.id)) departFile(work.state, route, noted);
}
