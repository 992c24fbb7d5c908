import { affectedBy } from './affected.ts';
import { type Request, type Shard, UsageError } from './command-line.ts';
import { checkGroup, denoFiles, everydayGroups, groups } from './groups.ts';
import { allTestFiles, findFiles, type TestFile } from './test-file.ts';

/** What one run consists of. */
export interface Selection {
  readonly hasChecks: boolean;
  /** Groups whose cacheable files are left to turbo, which runs them or reuses their results. */
  readonly turboGroups: readonly string[];
  /** The files that turbo has to report on. */
  readonly cached: readonly TestFile[];
  /** Files that run in this process's pool. */
  readonly files: readonly TestFile[];
}

/**
 * Chooses checks and test files.
 * @param secondsOf how shards are balanced; it must give the same values on every machine that runs one
 * @throws UsageError if a name matches nothing
 */
export function select(request: Request, secondsOf: (path: string) => number, isDeno: boolean): Selection {
  const all = allTestFiles();
  const names = request.names.length === 0 ? [checkGroup, ...everydayGroups] : request.names;
  const named =
    isDeno && request.names.length === 0 ? filesOf(all, denoFiles) : all.filter((file) => names.some((name) => matches(file, name)));
  for (const name of request.names) if (name !== checkGroup) assertMatches(all, name);
  const isChosen = request.cases !== null || request.seed !== null;
  const isWhole = request.shard === null && request.changedSince === null && request.repeat === 1 && !isDeno && !isChosen;
  const turboGroups = isWhole ? groups.filter(({ name, isCached }) => isCached && names.includes(name)).map(({ name }) => name) : [];
  const here = named.filter(({ isReal, group }) => isReal || !turboGroups.includes(group.name));
  const affected = request.changedSince === null ? here : affectedBy(request.changedSince, here);
  return {
    hasChecks: !isDeno && names.includes(checkGroup) && (request.shard?.index ?? 1) === 1,
    turboGroups,
    cached: named.filter((file) => !here.includes(file)),
    files: request.shard === null ? affected : filesOfShard(affected, request.shard, secondsOf),
  };
}

function filesOf(all: readonly TestFile[], patterns: readonly string[]): readonly TestFile[] {
  const paths = new Set(findFiles(patterns));
  return all.filter(({ path }) => paths.has(path));
}

function matches({ path, group }: TestFile, name: string): boolean {
  return group.name === name || path === name || path.startsWith(`${name}/`);
}

function assertMatches(all: readonly TestFile[], name: string): void {
  if (all.some((file) => matches(file, name))) return;
  const known = [checkGroup, ...groups.map((group) => group.name)].join(', ');
  throw new UsageError(`no test matches "${name}": expected a group (${known}), a folder or a test file`);
}

/** The longest file goes to the shard with the least work so far. Files of equal length are ordered by path. */
function filesOfShard(files: readonly TestFile[], { index, count }: Shard, secondsOf: (path: string) => number): readonly TestFile[] {
  const work = Array.from({ length: count }, () => 0);
  const byLength = [...files].sort((one, other) => secondsOf(other.path) - secondsOf(one.path) || (one.path < other.path ? -1 : 1));
  return byLength.filter((file) => {
    const min = work.indexOf(Math.min(...work));
    work[min] = (work[min] ?? 0) + secondsOf(file.path);
    return min === index - 1;
  });
}
