import type { Effect } from '@sluice/core';
import type { DestinationMount } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { createCalls } from '../calls.ts';
import { CallFailure } from '../storage/storage.ts';
import { assertRootOnMount, type LaneDependencies, openOwn } from '../task/task.ts';
import { Stopped } from '../waiting.ts';
import { isPartName, removePart } from '../writing/part-files.ts';
import { folderOf } from '../writing/target.ts';
import { type LaneOptions, watchedSides } from './lane.ts';

type MarkLeftover = Extract<Effect, { kind: 'mark_leftover' }>;
type RemoveParts = Extract<Effect, { kind: 'remove_parts' }>;

/** Removes temporary files of ended attempts, and reports `parts_removed`. If a call hangs, the lanes continue. */
export function removeParts(options: LaneOptions, command: RemoveParts): void {
  const { route, sweepId } = command;
  const sweep = async (): Promise<void> => {
    const { removed, kept } = await sweepAll(sweepDependencies(options), command);
    await options.channel.send({ kind: 'parts_removed', route, sweepId, removed, kept }).catch(() => undefined);
  };
  void sweep();
}

/** Returns the dependencies of work that belongs to no copy. */
export function sweepDependencies(options: LaneOptions): LaneDependencies {
  const calls = createCalls(options.shared.clock);
  return {
    ...options.shared,
    calls,
    report: async () => undefined,
    ...watchedSides(options, calls),
  };
}

async function sweepAll(dependencies: LaneDependencies, command: RemoveParts): Promise<{ removed: string[]; kept: string[] }> {
  const [removed, kept]: [string[], string[]] = [[], []];
  // In an unmounted share no temporary file is visible either. That does not mean that it was removed.
  const isThere = await succeeds(() => assertRootOnMount(dependencies, command.mount));
  for (const part of command.parts) {
    const isGone = isThere && isPartName(part) && (await removes(dependencies, part, command.mount));
    (isGone ? removed : kept).push(part);
  }
  return { removed, kept };
}

function removes(dependencies: LaneDependencies, part: string, mount: DestinationMount): Promise<boolean> {
  return succeeds(() => removePart(dependencies, part, mount));
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof CallFailure || error instanceof Stopped) return false;
    throw error;
  }
}

/** Renames a visible leftover to a name that marks it as one, and reports `leftover_marked`. If a call hangs, the lanes continue. */
export function markLeftover(options: LaneOptions, command: MarkLeftover): void {
  const { route, fileId, mark } = command;
  const work = async (): Promise<void> => {
    const outcome = await rename(sweepDependencies(options), command);
    await options.channel.send({ kind: 'leftover_marked', route, fileId, mark, outcome }).catch(() => undefined);
  };
  void work();
}

/** Renames by link and unlink, because a link never replaces a file. If links are refused, the leftover keeps its name. */
async function rename(dependencies: LaneDependencies, { mark, mount }: MarkLeftover): Promise<'done' | 'gone' | 'refused'> {
  try {
    // On another disk the name is that of another program's file.
    await assertRootOnMount(dependencies, mount);
    const file = await openOwn(dependencies, mount, mark.from, 'read');
    const { sizeBytes, inode } = file.atOpen;
    void closeQuietly(file);
    if (sizeBytes < mark.leastBytes) return 'gone';
    // Another program may have removed it and given its name to another file.
    if (mark.inode !== undefined && mark.inode !== inode && (await dependencies.hasRealInodes())) return 'gone';
    await dependencies.destination.link(mark.from, mark.to);
    await dependencies.destination.unlink(mark.from);
    await dependencies.destination.syncFolder(folderOf(mark.to));
    return 'done';
  } catch (error) {
    if (error instanceof Stopped || error instanceof CallFailure) return errnoOf(error) === 'LOST' ? 'gone' : 'refused';
    throw error;
  }
}
