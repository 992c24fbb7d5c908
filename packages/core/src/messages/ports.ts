import type { CompletedFile, SourceEntry, TrackedFile } from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import type { JournalImage, JournalRecord } from './record.ts';

/** The truth after a crash. One writer. */
export interface Journal {
  /**
   * Appends in ONE transaction and returns after it is durable. All or nothing; throws an error whose `code` is
   * SQLite's name (`SQLITE_FULL`, `SQLITE_IOERR_…`) where it could not; the caller keeps the records and asks again.
   */
  append(records: readonly JournalRecord[]): void;
  /** Read once, at start-up. */
  load(): JournalImage;
  close(): void;
}

/** A file that only the journal has: `isLeftToJournal`. */
export interface LeftFile {
  /** Its number in the journal: a file that was found later has a higher one. Never reused. */
  readonly number: number;
  readonly file: CompletedFile;
}

/** What a question about many files answers of each. */
export interface LeftPath {
  readonly number: number;
  readonly source: string;
}

/** The same, to be compared with another file. */
export interface LeftFingerprint extends LeftPath {
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  /** Wall clock. */
  readonly discoveredAt: number;
}

/** The files that core leaves to the journal, as of the last commit. Each question throws where the journal cannot be read. */
export interface EndedFiles {
  /** The newest file of a source path; null: there is none, or core holds it, or held it. */
  newest(route: RouteName, source: string): LeftFile | null;
  /**
   * Answers `newest` and `pathOf` for many source files at once, which costs a fraction of single questions.
   *
   * @param work asks these questions and writes nothing to the journal
   * @returns what `work` returns
   */
  aboutAll<Result>(route: RouteName, entries: readonly Pick<SourceEntry, 'path' | 'identity'>[], work: () => Result): Result;
  /** Any file of the journal. */
  file(id: FileId): TrackedFile | null;
  /** Who has a name at the destination; null: nobody whom core does not hold. */
  ownerOf(route: RouteName, destination: string): FileId | null;
  /** The path of the newest file that was copied from a file of this `identityText`, though another may have that path by now. */
  pathOf(route: RouteName, identity: string): string | null;
  /** Null: the journal does not have it yet. */
  numberOf(id: FileId): number | null;
  /** The highest number; 0: there is none. */
  lastNumber(): number;
  /** Copied files in the order in which they were found, of the next so many files of all kinds. @returns `next` null: that was the end */
  after(route: RouteName, number: number, files: number): { readonly paths: readonly LeftPath[]; readonly next: number | null };
  /** Copied files that were found after this one. */
  foundAfter(route: RouteName, id: FileId): Iterable<LeftFingerprint>;
  /** Copied files in a folder of the source, and in the folders below. */
  below(route: RouteName, folder: string): Iterable<LeftPath>;
}
