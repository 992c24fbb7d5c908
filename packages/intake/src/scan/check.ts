import type { SourceEntry } from '@sluice/core/model';
import { errnoOf } from '@sluice/platform';
import { statPath } from '../listing/listing.ts';
import { entryOf } from '../listing/seen.ts';
import type { CheckCommand } from '../messages.ts';
import { isStill } from './root.ts';
import { listingOptions, type ScanDependencies } from './scan.ts';

/** Reads the metadata of single paths, and reports what changed before the answer. */
export async function checkPaths(dependencies: ScanDependencies, command: CheckCommand): Promise<void> {
  const { route, memory, reports } = dependencies;
  const options = listingOptions(dependencies, command, memory.root);
  const present: string[] = [];
  const missing: string[] = [];
  const entries: SourceEntry[] = [];
  /** Not known to the memory, which has only what a listing takes in: a file may have been emptied before this process began. */
  const empty: SourceEntry[] = [];
  for (const path of command.paths) {
    try {
      const seen = await statPath(options, path);
      const isEmpty = seen?.left?.rule === 'empty';
      if (seen === null || seen.entry.kind !== 'file' || (seen.left !== null && !isEmpty)) continue;
      present.push(path);
      (isEmpty && !memory.diff.has(path) ? empty : entries).push(entryOf(seen, options));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' && memory.diff.isLackedTwice(path)) missing.push(path);
    }
  }
  // A check alone proves no removal. A program that saves a file removes it for a moment. A name that is not valid text is never
  // found under the one that is shown. Another folder than the scanned one may lie at the source's path.
  const absent = missing.length > 0 && (await isStill(route.source, memory.root)) ? missing : [];
  await reports.entries([...memory.diff.some(entries), ...empty]);
  await reports.send({ kind: 'paths_checked', route: route.name, checkId: command.checkId, present, absent });
}
