import type { LeftAloneRule, RouteSettings } from '@sluice/core/model';
import { builtInNaming, builtInRule } from './built-in.ts';
import { type ComparedPath, compared, comparedPath, type Pattern, readPattern } from './pattern.ts';

/** What the rules need to know about a file or folder in the source. */
export interface EntryFacts {
  /** Relative to the source, `/` between the parts. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'special';
  readonly sizeBytes: number;
}

/** Why an entry is left alone. */
export interface WhyLeft {
  readonly rule: LeftAloneRule;
  /** For `excluded`: the first pattern that matches. */
  readonly pattern: string | null;
  readonly sentence: string;
}

/** The rules of one route. */
export interface Rules {
  /** @returns null if the entry is taken in, or entered */
  leftAlone(entry: EntryFacts): WhyLeft | null;
  /** Returns whether growing copies are on for this name. */
  mayGrow(path: string): boolean;
  readonly include: readonly Pattern[];
  readonly exclude: readonly Pattern[];
}

/** Each rule as a sentence. */
export const sentences: Readonly<Record<LeftAloneRule, string>> = {
  dotfile: 'its name begins with a dot',
  temporary: 'its name is one of a temporary file',
  system_file: 'it belongs to the operating system',
  system_folder: 'it is a recycle bin or belongs to the operating system',
  empty: 'it is empty',
  symlink: 'it is a symbolic link; links are not followed',
  special: 'it is not a regular file',
  excluded: 'an exclude pattern of the route matches',
  destination: 'it is a destination of this agent; its files would be copied again and again',
  not_included: 'no include pattern of the route matches',
};

type Settings = Pick<RouteSettings, 'include' | 'exclude' | 'growing'>;

/** Returns the rules of a route. `exclude` has priority over `include`, and that over the built-in rules. */
export function createRules(route: Settings): Rules {
  const include = route.include.map(readPattern);
  const exclude = route.exclude.map(readPattern);
  const grows = route.growing.include.map(readPattern);

  const compare = comparerOfPaths();

  const left = (entry: EntryFacts): Omit<WhyLeft, 'sentence'> | null => {
    const path = compare(entry.path);
    const isFolder = entry.kind === 'folder';
    const builtIn = builtInFor(include, path, entry);
    if (builtIn === 'dotfile') return { rule: builtIn, pattern: null };
    if (entry.kind === 'symlink' || entry.kind === 'special') return { rule: entry.kind, pattern: null };
    const excluding = exclude.find((pattern) => pattern.matches(path, isFolder));
    if (excluding !== undefined) return { rule: 'excluded', pattern: excluding.text };
    if (builtIn !== null) return { rule: builtIn, pattern: null };
    if (isFolder) return null;
    if (!include.some((pattern) => pattern.matches(path, false))) return { rule: 'not_included', pattern: null };
    return entry.sizeBytes === 0 ? { rule: 'empty', pattern: null } : null;
  };

  return {
    leftAlone(entry) {
      const why = left(entry);
      return why === null ? null : { ...why, sentence: sentences[why.rule] };
    },
    mayGrow(path) {
      if (!route.growing.enabled) return false;
      return grows.some((pattern) => pattern.matches(compare(path), false));
    },
    include,
    exclude,
  };
}

/** Returns the built-in rule for a path or for a folder above it, unless an include pattern names what the rule is about. */
function builtInFor(include: readonly Pattern[], path: PathWithRule, { kind }: EntryFacts): LeftAloneRule | null {
  const isFolder = kind === 'folder';
  const rule = path.ruleAbove ?? builtInRule(path.parts.at(-1) ?? '', isFolder);
  if (rule === null) return null;
  const isNamed = include.some((pattern) =>
    isFolder ? pattern.leadsInto(path, builtInNaming) : pattern.matchesOnPurpose(path, builtInNaming),
  );
  return isNamed ? null : rule;
}

/** A path with what the built-in rules say about the folders above it. */
interface PathWithRule extends ComparedPath {
  /** The rule of the highest folder that one leaves alone. */
  readonly ruleAbove: LeftAloneRule | null;
}

/** Returns a function that remembers the last folder: a listing compares the names of one folder one after another. */
function comparerOfPaths(): (path: string) => PathWithRule {
  let folder = '';
  let above = folderAbove(folder);
  let last: { readonly path: string; readonly compared: PathWithRule } | null = null;
  return (path) => {
    if (last?.path === path) return last.compared;
    const slash = path.lastIndexOf('/');
    const before = slash === -1 ? '' : path.slice(0, slash);
    if (before !== folder) {
      folder = before;
      above = folderAbove(before);
    }
    last = { path, compared: { parts: [...above.parts, compared(path.slice(slash + 1))], ruleAbove: above.ruleAbove } };
    return last.compared;
  };
}

function folderAbove(path: string): PathWithRule {
  if (path === '') return { parts: [], ruleAbove: null };
  const { parts } = comparedPath(path);
  const left = parts.map((part) => builtInRule(part, true)).find((rule) => rule !== null);
  return { parts, ruleAbove: left ?? null };
}
