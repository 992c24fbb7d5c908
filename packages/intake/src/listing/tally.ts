import type { LeftAlone, LeftAloneRule, Selection, UnmatchedPattern } from '@sluice/core/model';
import { limits } from '../limits.ts';
import { type ComparedPath, comparedPath, type Pattern } from '../rules/pattern.ts';
import type { EntryFacts, Rules, WhyLeft } from '../rules/rules.ts';

interface Row {
  readonly rule: LeftAloneRule;
  readonly pattern: string | null;
  count: number;
  folders: number;
  readonly examples: string[];
}

/** Counts in one listing what each rule leaves alone, and which patterns match nothing. Costs nothing for a pattern once it has matched. */
export class Tally {
  readonly #rows = new Map<string, Row>();
  readonly #include: Set<Pattern>;
  readonly #exclude: Set<Pattern>;
  #hasFiles = false;
  #hasAny = false;

  constructor({ include, exclude }: Pick<Rules, 'include' | 'exclude'>) {
    this.#include = new Set(include);
    this.#exclude = new Set(exclude);
  }

  add(entry: EntryFacts, left: Pick<WhyLeft, 'rule' | 'pattern'> | null): void {
    const isFolder = entry.kind === 'folder';
    this.#hasAny = true;
    if (left !== null) this.#count(entry, left);
    if (entry.kind !== 'file' && !isFolder) return;
    if (!isFolder) this.#hasFiles = true;
    if (!isFolder && this.#include.size > 0) drop(this.#include, comparedPath(entry.path), false);
    if (left?.rule === 'excluded' && this.#exclude.size > 0) drop(this.#exclude, comparedPath(entry.path), isFolder);
  }

  /** @param isWhole no folder was unread: what a pattern matches may be in one */
  selection(isWhole = true): Selection {
    const rows = [...this.#rows.values()].sort((a, b) => b.count - a.count).slice(0, limits.tallyRows);
    const unmatched = [
      ...(isWhole && this.#hasFiles ? named('include', this.#include) : []),
      ...(isWhole && this.#hasAny ? named('exclude', this.#exclude) : []),
    ];
    return {
      leftAlone: rows.map((row): LeftAlone => ({ ...row, examples: row.examples.map(clipped) })),
      unmatched: unmatched.slice(0, limits.tallyRows),
    };
  }

  #count({ path, kind }: EntryFacts, { rule, pattern }: Pick<WhyLeft, 'rule' | 'pattern'>): void {
    const key = `${rule} ${pattern ?? ''}`;
    const row = this.#rows.get(key) ?? { rule, pattern, count: 0, folders: 0, examples: [] };
    this.#rows.set(key, row);
    row.count += 1;
    if (kind === 'folder') row.folders += 1;
    keepFirst(row.examples, path);
  }
}

function drop(patterns: Set<Pattern>, path: ComparedPath, isFolder: boolean): void {
  for (const pattern of patterns) if (pattern.matches(path, isFolder)) patterns.delete(pattern);
}

function named(setting: UnmatchedPattern['setting'], patterns: ReadonlySet<Pattern>): UnmatchedPattern[] {
  return [...patterns].map(({ text }) => ({ setting, pattern: text }));
}

/** Keeps the first ones in the order of their paths, whatever the order they come in: every listing names the same. */
function keepFirst(examples: string[], path: string): void {
  const place = examples.findIndex((example) => path < example);
  if (place === -1 && examples.length >= limits.ruleExamples) return;
  examples.splice(place === -1 ? examples.length : place, 0, path);
  examples.length = Math.min(examples.length, limits.ruleExamples);
}

export function clipped(path: string): string {
  const characters = Array.from(path);
  return characters.length <= limits.shownPath ? path : `${characters.slice(0, limits.shownPath).join('')}…`;
}
