import type { Operator } from './messages/action.ts';
import type { Event } from './messages/event.ts';
import type { Leftover, LeftoverCheck } from './model/copy.ts';
import type { TrackedFile } from './model/file.ts';
import { type FileId, id8 } from './model/ids.ts';
import { eachLeftover, keptByJournal } from './policy/leftovers.ts';
import { partName } from './policy/naming.ts';
import { nameBytesFor } from './state/names.ts';
import { type CoreState, departFile, fileOf, newestOf, type RouteState } from './state/state.ts';
import { ask, note, type Work } from './state/work.ts';

/** A leftover, and the newest file of its lineage, whose record contains it. */
export interface LeftoverOf {
  readonly file: TrackedFile;
  readonly leftover: Leftover;
}

/** Returns all leftovers of failed growing copies of a route, oldest first. */
export function leftoversAt({ files }: CoreState, route: RouteState): LeftoverOf[] {
  const all = [...route.leaving].flatMap((id) => {
    const file = files.get(id);
    return file === undefined ? [] : (file.leftovers ?? []).map((leftover) => ({ file, leftover }));
  });
  return all.sort((a, b) => a.leftover.failedAt - b.leftover.failedAt);
}

/** Returns the leftovers that an operator can remove. Those that are being removed already are left out. */
export function removableOf(state: CoreState, route: RouteState): LeftoverOf[] {
  return leftoversAt(state, route).filter(({ leftover }) => leftover.removal === undefined && keptByJournal(leftover) === null);
}

/** Handles the request of an operator to remove all removable leftovers. */
export function askLeftoverRemovals(work: Work, route: RouteState, { by, reason }: Operator): void {
  for (const { file, leftover } of removableOf(work.state, route)) {
    const { kept: _, ...asked } = leftover;
    const latest = work.state.files.get(file.id) ?? file;
    const removal = { ...asked, removal: { by, reason } };
    note(work, withLeftover(latest, removal), { kind: 'leftover_removal_asked', name: leftover.name, by, reason });
  }
}

function withLeftover(file: TrackedFile, leftover: Leftover): TrackedFile {
  return { ...file, ...eachLeftover(file, (other) => (other.name === leftover.name ? leftover : other)) };
}

/** Orders the requested removals from the carrier while the destination is online, one leftover of a file at a time. */
export function pursueLeftoverRemovals(work: Work, route: RouteState): void {
  const { mount, state } = route.gate;
  if (state !== 'open' || mount === null) return;
  for (const id of [...route.leaving]) {
    const file = work.state.files.get(id);
    const leftover = file?.leftovers?.find(({ removal }) => removal !== undefined);
    if (file === undefined || leftover === undefined || route.removingLeftover.has(id)) continue;
    const { name, attempt } = leftover;
    const hidden = partName(name, id8(attempt), nameBytesFor(route, name));
    route.removingLeftover.add(id);
    note(work, file, { kind: 'leftover_to_remove', name, as: hidden });
    ask(work, { kind: 'remove_leftover', route: file.route, fileId: id, leftover: checkOf(leftover), hidden, mount });
  }
}

/** Returns the part of a leftover's record with which the file of its name is compared. */
export function checkOf({ name, leastBytes, inode, replacement }: Leftover): LeftoverCheck {
  return { name, leastBytes, ...(inode === undefined ? {} : { inode }), ...(replacement === undefined ? {} : { replacement }) };
}

/** Handles the result of a removal. A leftover that stays is not tried again until an operator requests it. */
export function leftoverRemoved(work: Work, route: RouteState, event: Extract<Event, { kind: 'leftover_removed' }>): void {
  route.removingLeftover.delete(event.fileId);
  const { name, outcome } = event;
  const file = reportedOf(work.state, route, event.fileId);
  const leftover = file?.leftovers?.find((each) => each.name === name && each.removal !== undefined);
  if (file === null || leftover === undefined) return;
  if (outcome !== 'removed' && outcome !== 'gone') {
    const { removal: _, ...rest } = leftover;
    note(work, withLeftover(file, { ...rest, kept: outcome }), { kind: 'leftover_removed', name, outcome });
    return;
  }
  const noted = note(work, without(file, name), { kind: 'leftover_removed', name, outcome });
  if (noted.sourceGone) departFile(work.state, route, noted);
}

/**
 * Returns the file whose leftover was reported, from memory or, if core has left it to the journal, from there. Null: another file has its
 * path now. That one has taken over the leftovers, and its order is answered separately.
 */
function reportedOf(state: CoreState, route: RouteState, id: FileId): TrackedFile | null {
  const held = state.files.get(id);
  if (held !== undefined) return held;
  const left = fileOf(state, id);
  return left !== undefined && newestOf(state, route, left.source)?.id === id ? left : null;
}

function without(file: TrackedFile, name: string): TrackedFile {
  const { leftovers = [], ...rest } = file;
  const left = leftovers.filter((leftover) => leftover.name !== name);
  const leftVisible = file.leftVisible.filter((other) => other !== name);
  return { ...rest, leftVisible, ...(left.length === 0 ? {} : { leftovers: left }) } as TrackedFile;
}
