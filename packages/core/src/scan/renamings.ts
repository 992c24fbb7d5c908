import type { Renaming } from '../messages/route-event.ts';
import { isCopied, isEnded } from '../model/file.ts';
import { limits } from '../model/limits.ts';
import { isBelow } from '../state/sightings.ts';
import { isLeft, type RouteState } from '../state/state.ts';
import { noteRoute, type Work } from '../state/work.ts';

/** A file that was found to have another path. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly isCopied: boolean;
}

/** Records renamed files. A folder with all files in it is one renaming, as a person would say it. */
export function noteRenamings(work: Work, route: RouteState, renamed: readonly Renamed[]): void {
  const renamings = inGroups(renamed, (folder) => filesBelow(work, route, folder)).map(
    ({ wereCopied, ...renaming }): Renaming => ({ ...renaming, onRename: wereCopied ? route.settings.onRename : null }),
  );
  for (const renaming of renamings) noteRoute(work, route, { kind: 'renamed', ...renaming });
  const latest = renamings.at(-1);
  if (latest !== undefined) route.renamed = { latest, files: (route.renamed?.files ?? 0) + renamed.length, at: work.at };
}

/** Stops reporting files that were renamed long ago. */
export function pursueRenamed(work: Work, route: RouteState): void {
  if (route.renamed !== null && route.renamed.at + limits.renamedForMs <= work.at) route.renamed = null;
}

/** Returns how many files are known to be in a folder of the source. */
function filesBelow({ state }: Work, route: RouteState, folder: string): number {
  const { newest, settings } = route;
  let count = 0;
  for (const { number, source } of state.ended?.below(settings.name, folder) ?? []) if (isLeft(state, route, source, number)) count += 1;
  for (const [path, id] of newest) {
    const file = isBelow(path, [folder]) ? state.files.get(id) : undefined;
    if (file !== undefined && !file.sourceGone && (isCopied(file.status) || !isEnded(file.status))) count += 1;
  }
  return count;
}

interface Group extends Omit<Renaming, 'onRename'> {
  readonly wereCopied: boolean;
}

/**
 * Returns the renamed files in groups. Files that moved from one folder to another are one group; each other file is a group.
 * Groups beyond `limits.renamesNamed` are joined to one.
 *
 * @param below returns how many files are in a folder now
 */
export function inGroups(renamed: readonly Renamed[], below: (folder: string) => number): readonly Group[] {
  const byFolders = new Map<string, Renamed[]>();
  for (const each of renamed) {
    const key = foldersOf(each)?.join('\0') ?? `${each.from}\0${each.to}\0`;
    const others = byFolders.get(key);
    if (others === undefined) byFolders.set(key, [each]);
    else others.push(each);
  }
  const all = [...byFolders.values()];
  const rest = all.slice(limits.renamesNamed).flat();
  return [...all.slice(0, limits.renamesNamed).map((files) => groupOf(files, below)), ...(rest.length === 0 ? [] : [filesOf(rest)])];
}

function groupOf(files: readonly Renamed[], below: (folder: string) => number): Group {
  const group = filesOf(files);
  const folders = foldersOf({ from: group.from, to: group.to });
  if (folders === null) return group;
  const [from, to] = folders;
  if (from !== '' && to !== '' && below(from) === 0 && below(to) === files.length) return { ...group, what: 'folder', from, to };
  return files.length === 1 ? group : { ...group, what: 'files_of_folder', from, to };
}

function filesOf(files: readonly Renamed[]): Group {
  const [first] = files as readonly [Renamed];
  return { what: 'file', from: first.from, to: first.to, files: files.length, wereCopied: files.some((file) => file.isCopied) };
}

/**
 * Returns the parts of the two paths that differ: for `day1/a/x.mxf` and `day2/a/x.mxf` they are `day1` and `day2`. @returns null
 * if the file name itself differs
 */
function foldersOf({ from, to }: Pick<Renamed, 'from' | 'to'>): readonly [from: string, to: string] | null {
  const before = from.split('/');
  const after = to.split('/');
  let same = 0;
  while (same < Math.min(before.length, after.length) && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  if (same === 0) return null;
  return [before.slice(0, before.length - same).join('/'), after.slice(0, after.length - same).join('/')];
}
