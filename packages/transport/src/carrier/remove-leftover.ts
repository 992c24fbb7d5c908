import type { Effect } from '@sluice/core';
import type { LeftoverOutcome } from '@sluice/core/model';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { CallFailure } from '../storage/storage.ts';
import { assertRootOnMount, type LaneDependencies, openOwn } from '../task/task.ts';
import { Stopped } from '../waiting.ts';
import { compareLeftover, isPartOf } from '../writing/compare-leftover.ts';
import { folderOf } from '../writing/target.ts';
import type { LaneOptions } from './lane.ts';
import { sweepDependencies } from './sweep.ts';

type RemoveLeftover = Extract<Effect, { kind: 'remove_leftover' }>;

/** Removes a leftover if it matches the journal, and reports `leftover_removed`. If a call hangs, the lanes go on. */
export function removeLeftover(options: LaneOptions, command: RemoveLeftover): void {
  const { route, fileId, leftover } = command;
  const work = async (): Promise<void> => {
    const outcome = await removeUnchanged(sweepDependencies(options), command);
    await options.channel.send({ kind: 'leftover_removed', route, fileId, name: leftover.name, outcome }).catch(() => undefined);
  };
  void work();
}

/**
 * Renames the leftover to a hidden name before it is removed, and then checks which file got that name. So another file that
 * takes the visible name in between is never removed. A removal that was interrupted by a crash continues with the hidden name.
 */
async function removeUnchanged(dependencies: LaneDependencies, command: RemoveLeftover): Promise<LeftoverOutcome> {
  const { leftover, hidden, mount } = command;
  const { destination } = dependencies;
  try {
    await assertRootOnMount(dependencies, mount);
    if ((await destination.stat(hidden)) === null) {
      const open = (name: string) => openOwn(dependencies, mount, name, 'read');
      const hasRealInodes = () => dependencies.hasRealInodes();
      const compared = await compareLeftover({ open, hasRealInodes, readsBytes: true }, leftover);
      if (compared.kept !== null) return compared.kept;
      if (compared.facts === null) return 'gone';
      await destination.rename(leftover.name, hidden);
    }
    if (!(await isOurs(dependencies, command))) return await putBack(dependencies, command);
    await destination.unlink(hidden);
    await destination.syncFolder(folderOf(hidden));
    return 'removed';
  } catch (error) {
    if (error instanceof Stopped || error instanceof CallFailure) return errnoOf(error) === 'LOST' ? 'gone' : 'failed';
    throw error;
  }
}

async function isOurs(dependencies: LaneDependencies, { leftover, hidden, mount }: RemoveLeftover): Promise<boolean> {
  const { inode, leastBytes, replacement } = leftover;
  const file = await openOwn(dependencies, mount, hidden, 'read');
  void closeQuietly(file);
  return file.atOpen.inode === inode && replacement !== undefined && isPartOf(file.atOpen.sizeBytes, leastBytes, replacement);
}

/** Gives the file its name back: another file had the name of the leftover. It never replaces a file. */
async function putBack({ destination }: LaneDependencies, { leftover, hidden }: RemoveLeftover): Promise<LeftoverOutcome> {
  await destination.link(hidden, leftover.name);
  await destination.unlink(hidden, true);
  await destination.syncFolder(folderOf(hidden));
  return 'other_file';
}
