import { type EndedFiles, isLeftToJournal, type LeftFile, type LeftFingerprint, type LeftPath } from '@sluice/core';
import { type FileId, isCompleted, isCopied, type RouteName, type TrackedFile } from '@sluice/core/model';

/** A file in the journal. */
interface Entry {
  readonly number: number;
  readonly file: TrackedFile;
}

/** The files of a journal in memory, as core queries them. The journal keeps them up to date. */
export class MemoryEnded implements EndedFiles {
  readonly #files = new Map<FileId, Entry>();
  /** Ids by route and source, oldest first. */
  readonly #attempts = new Map<string, FileId[]>();
  #last = 0;

  /** Stores the newest record of a file. */
  put(file: TrackedFile): void {
    const before = this.#files.get(file.id);
    this.#last += before === undefined ? 1 : 0;
    this.#files.set(file.id, { number: before?.number ?? this.#last, file });
    if (before !== undefined) return;
    const key = keyOf(file.route, file.source);
    this.#attempts.set(key, [...(this.#attempts.get(key) ?? []), file.id]);
  }

  delete(id: FileId): void {
    const entry = this.#files.get(id);
    if (entry === undefined) return;
    this.#files.delete(id);
    const key = keyOf(entry.file.route, entry.file.source);
    const left = (this.#attempts.get(key) ?? []).filter((each) => each !== id);
    if (left.length > 0) this.#attempts.set(key, left);
    else this.#attempts.delete(key);
  }

  clear(): void {
    this.#files.clear();
    this.#attempts.clear();
  }

  newest(route: RouteName, source: string): LeftFile | null {
    const id = this.#attempts.get(keyOf(route, source))?.at(-1);
    const entry = id === undefined ? undefined : this.#files.get(id);
    return entry !== undefined && isCompleted(entry.file) && isLeftToJournal(entry.file)
      ? { number: entry.number, file: entry.file }
      : null;
  }

  aboutAll<Result>(_route: RouteName, _entries: readonly unknown[], work: () => Result): Result {
    return work();
  }

  file(id: FileId): TrackedFile | null {
    return this.#files.get(id)?.file ?? null;
  }

  withId8(route: RouteName, id8: string): readonly TrackedFile[] {
    return [...this.#of(route)].map(({ file }) => file).filter(({ id }) => id.startsWith(id8));
  }

  ownerOf(route: RouteName, destination: string): FileId | null {
    const owner = [...this.#of(route)].findLast(({ file }) => isCopied(file.status) && file.destination === destination);
    return owner?.file.id ?? null;
  }

  pathOf(route: RouteName, identity: string): string | null {
    const known = [...this.#copied(route)].findLast(({ file }) => isCompleted(file) && file.identity === identity);
    return known?.file.source ?? null;
  }

  numberOf(id: FileId): number | null {
    return this.#files.get(id)?.number ?? null;
  }

  lastNumber(): number {
    return this.#last;
  }

  after(route: RouteName, number: number, files: number): ReturnType<EndedFiles['after']> {
    const piece = [...this.#files.values()].filter((entry) => entry.number > number).slice(0, files);
    const paths = piece.filter(({ file }) => file.route === route && file.status === 'COMPLETED').map(pathOf);
    return { paths, next: piece.length < files ? null : (piece.at(-1)?.number ?? null) };
  }

  foundAfter(route: RouteName, id: FileId): readonly LeftFingerprint[] {
    const number = this.numberOf(id);
    if (number === null) return [];
    return [...this.#copied(route)]
      .filter((entry) => entry.number > number)
      .map((entry) => ({ ...pathOf(entry), ...entry.file.fingerprint, discoveredAt: entry.file.discoveredAt }));
  }

  below(route: RouteName, folder: string): readonly LeftPath[] {
    return [...this.#copied(route)].filter(({ file }) => file.source.startsWith(`${folder}/`)).map(pathOf);
  }

  *#of(route: RouteName): Generator<Entry, void> {
    for (const entry of this.#files.values()) if (entry.file.route === route) yield entry;
  }

  *#copied(route: RouteName): Generator<Entry, void> {
    for (const entry of this.#of(route)) if (isLeftToJournal(entry.file)) yield entry;
  }
}

function pathOf({ number, file }: Entry): LeftPath {
  return { number, source: file.source };
}

function keyOf(route: RouteName, source: string): string {
  return JSON.stringify([route, source]);
}
