import type { CompletedFile, SourceEntry, TrackedFile } from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import type { JournalImage, JournalRecord } from './record.ts';

/** The journal, which decides what is true after a crash. It has one writer. */
export interface Journal {
  /**
   * Appends in ONE transaction, and returns after it is durable. All records are written or none. If that fails, it throws an
   * error whose `code` is SQLite's name (`SQLITE_FULL`, `SQLITE_IOERR_…`); the caller keeps the records and tries again.
   */
  append(records: readonly JournalRecord[]): void;
  /** Reads the image once, at start-up. */
  load(): JournalImage;
  close(): void;
}

/** A file that only the journal has: `isLeftToJournal`. */
export interface LeftFile {
  /** Its number in the journal. A file that was found later has a higher one. Never reused. */
  readonly number: number;
  readonly file: CompletedFile;
}

/** One file in the answer to a query for many files. */
export interface LeftPath {
  readonly number: number;
  readonly source: string;
}

/** The same with what is compared with other files. */
export interface LeftFingerprint extends LeftPath {
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  /** Wall clock. */
  readonly discoveredAt: number;
}

/** The files that core leaves to the journal, as of the last commit. Each query throws if the journal cannot be read. */
export interface EndedFiles {
  /** Returns the newest file of a source path. Null: there is none, or core holds or held it. */
  newest(route: RouteName, source: string): LeftFile | null;
  /**
   * Answers `newest` and `pathOf` for many source files at once, which costs a fraction of single queries.
   *
   * @param work makes these queries and writes nothing to the journal
   * @returns what `work` returns
   */
  aboutAll<Result>(route: RouteName, entries: readonly Pick<SourceEntry, 'path' | 'identity'>[], work: () => Result): Result;
  /** Returns any file of the journal. */
  file(id: FileId): TrackedFile | null;
  /** Returns the files of a route whose ids begin with these eight digits. */
  withId8(route: RouteName, id8: string): readonly TrackedFile[];
  /** Returns the file that has a name at the destination. Null: only a file that core holds may have it. */
  ownerOf(route: RouteName, destination: string): FileId | null;
  /**
   * Returns the path of the newest file that was copied from a file of this `identityText`. Another file may have that path by
   * now.
   */
  pathOf(route: RouteName, identity: string): string | null;
  /** Returns the number of a file. Null: the journal does not have it yet. */
  numberOf(id: FileId): number | null;
  /** Returns the highest number. 0: there is none. */
  lastNumber(): number;
  /** Returns the copied ones among the next `files` files, in the order in which they were found. @returns `next` null at the end */
  after(route: RouteName, number: number, files: number): { readonly paths: readonly LeftPath[]; readonly next: number | null };
  /** Returns copied files that were found after this one. */
  foundAfter(route: RouteName, id: FileId): Iterable<LeftFingerprint>;
  /** Returns copied files in a folder of the source and in the folders below it. */
  below(route: RouteName, folder: string): Iterable<LeftPath>;
}
