import { type Asker, ControlError } from '@sluice/control';
import { fileId, type TrackedFile } from '@sluice/core/model';
import type { FilteredQuery, JournalReader, PastQuery, PastSum } from '@sluice/persistence';
import { limits } from '../limits.ts';
import type { FilterQuestion, Found, Question } from './messages.ts';

/** What a search works with. */
export interface Finding {
  readonly reader: Pick<JournalReader, 'file' | 'findExact'>;
  /** Searches in the reader process. @throws ControlError */
  readonly search: (question: Question, deadlineAt: number, isOwner: boolean) => Promise<readonly string[]>;
  /** The same for a filter of the screen. @throws ControlError */
  readonly filter: (question: FilterQuestion, deadlineAt: number, isOwner: boolean) => Promise<Found>;
  /** The clock of deadlines. It stands still while the reader process starts. */
  readonly searchTime: () => number;
  readonly asker: Asker;
}

const wildcard = /[*?[]/g;

/** Returns whether a text contains wildcards. */
export function isGlob(text: string): boolean {
  return text.search(wildcard) !== -1;
}

/** @returns why a pattern is refused; null: it is accepted */
export function patternTrouble(text: string): string | null {
  const count = text.match(wildcard)?.length ?? 0;
  return count <= limits.patternWildcards ? null : `a pattern has ${count} wildcards; the limit is ${limits.patternWildcards}`;
}

/** Returns the deadline of a request that arrives now. */
export function questionDeadline({ searchTime }: Pick<Finding, 'searchTime'>): number {
  return searchTime() + limits.questionMs;
}

/**
 * Finds files by id, a prefix of an id, a name, a path or a glob, newest first. An id or a path is found at once; another process
 * searches for anything else.
 *
 * @throws ControlError if the search takes too long, or the pattern is too long
 */
export async function findFiles(finding: Finding, text: string, limit: number, deadlineAt: number): Promise<TrackedFile[]> {
  const exact = finding.reader.findExact(text, limit);
  if (exact.length > 0) return exact;
  assertPattern(text);
  return await load(finding, await finding.search({ kind: 'find', text, limit }, deadlineAt, finding.asker.isOwner));
}

/**
 * Finds the files for many names without wildcards in one search: those whose path ends in one of the names. It does not include
 * what `findExact` finds.
 *
 * @returns the files of each name, newest first; null: more than `limit` were found
 * @throws as `findFiles`
 */
export async function findNamed(
  finding: Finding,
  names: readonly string[],
  limit: number,
  deadlineAt: number,
): Promise<ReadonlyMap<string, readonly TrackedFile[]> | null> {
  const ids = await finding.search({ kind: 'find_named', names, limit: limit + 1 }, deadlineAt, finding.asker.isOwner);
  if (ids.length > limit) return null;
  const named = new Map(names.map((name): [string, TrackedFile[]] => [name, []]));
  for (const file of await load(finding, ids)) {
    for (const end of new Set([...endsOf(file.source), ...endsOf(file.destination)])) named.get(end)?.push(file);
  }
  return named;
}

/** Yields the part of a path after each slash. */
function* endsOf(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) yield path.slice(at + 1);
}

/** Returns a page of ended files, by when they ended. @throws as `findFiles` */
export async function findEnded(finding: Finding, text: string, page: PastQuery, deadlineAt: number): Promise<TrackedFile[]> {
  assertPattern(text);
  return await load(finding, await finding.search({ kind: 'find_ended', text, page }, deadlineAt, finding.asker.isOwner));
}

/** Returns a page of ended files that match a filter, and sums over all that match. @throws ControlError if it takes too long */
export async function filterEnded(
  finding: Finding,
  query: FilteredQuery,
  deadlineAt: number,
): Promise<{ readonly files: readonly TrackedFile[]; readonly sums: readonly PastSum[] }> {
  const { ids, sums } = await finding.filter({ kind: 'filter', query }, deadlineAt, finding.asker.isOwner);
  return { files: await load(finding, ids), sums };
}

function assertPattern(text: string): void {
  const trouble = patternTrouble(text);
  if (trouble !== null) throw new ControlError('invalid', trouble);
}

/** Reads records, a few at a time. A record that was removed meanwhile is left out. */
async function load({ reader, asker }: Finding, ids: readonly string[]): Promise<TrackedFile[]> {
  const files: TrackedFile[] = [];
  for (const [index, id] of ids.entries()) {
    if (index % limits.recordsAtOnce === 0) await asker.pause();
    const file = reader.file(fileId(id));
    if (file !== null) files.push(file);
  }
  return files;
}
