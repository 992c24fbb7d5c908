import type { FileId, FileOf, Finding, GateCause, LeftAlone, ReadbackMethod, RouteName, Side, Status } from '@sluice/core/model';

/** A copy that was verified. */
export type Copy = FileOf<'COMPLETED'>;

/** Why a file at the source is not safe to clear. */
export type NotSafe =
  /** The journal has no copy of it. */
  | { readonly kind: 'not_known' }
  /** It has a tracked file that is not completed. */
  | { readonly kind: 'not_copied'; readonly status: Status }
  | { readonly kind: 'name_invalid' }
  /** Its size or modification time differs from the file that was copied. */
  | { readonly kind: 'changed'; readonly copiedBytes: number }
  /** It has the size and modification time of the file that was copied, but is another file with other bytes. */
  | { readonly kind: 'other_file' }
  /** The copy was compared by size only, or through a cache of this machine that may not have written it to the storage yet. */
  | { readonly kind: 'weak_proof'; readonly readback: ReadbackMethod }
  | { readonly kind: 'copy_missing'; readonly destination: string }
  /** `sizeBytes`: the present size of the copy. */
  | { readonly kind: 'copy_size'; readonly destination: string; readonly sizeBytes: number }
  /** The copy has the right size, but another modification time than Sluice gave it. */
  | { readonly kind: 'copy_touched'; readonly destination: string }
  /** The bytes of the copy differ from those that were verified. */
  | { readonly kind: 'copy_differs'; readonly destination: string }
  /** The bytes at the source differ from those that were copied. */
  | { readonly kind: 'source_differs' }
  | { readonly kind: 'unreadable'; readonly side: Side; readonly code: string }
  /** A pattern of the route leaves it alone, and no route copies it. */
  | { readonly kind: 'left_alone'; readonly rule: 'excluded' | 'not_included'; readonly pattern: string | null };

/** The result for one file at the source. */
export interface Judged {
  /** Path relative to the source folder. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Null: a verified copy of the same bytes is at the destination. */
  readonly why: NotSafe | null;
  /** How the copy was compared with the source. Null: it was not. */
  readonly readback: ReadbackMethod | null;
  /** The copy that was compared, if `why` is null. Absent: there is none. */
  readonly copy?: ProvenCopy;
}

/** A copy of exactly the present source file. */
export interface ProvenCopy {
  readonly id: FileId;
  /** Modification time of the source, the same now as when it was copied. */
  readonly mtimeNs: string;
  /** `identityText` of the file at the source, if it is not that of the record: its bytes are those that were copied. */
  readonly identity?: string;
}

/** A destination that could not be checked, or is not the known one. */
export type Away =
  | { readonly kind: 'finding'; readonly cause: GateCause; readonly code: string; readonly finding: Finding }
  /** Its process did not answer in time, or ended. */
  | { readonly kind: 'unanswered'; readonly why: string };

/** The result for a route as a whole. */
export interface RouteAudit {
  readonly route: RouteName;
  /** Null: the destination is online and is the known one. */
  readonly away: Away | null;
  /** Error code of what could not be read at the source. Null: none. */
  readonly sourceCode: string | null;
  /** Folders of the source that could not be read, relative. */
  readonly unread: readonly string[];
  /** The files that rules left alone. */
  readonly leftAlone: readonly LeftAlone[];
}

/** How a copy compares with the journal. */
export type Difference =
  | { readonly kind: 'missing'; readonly renamedTo: string | null }
  /** The name belongs to something other than a file, such as a link or folder. */
  | { readonly kind: 'not_a_file' }
  /** Size or modification time differ too: a program wrote to the copy. */
  | { readonly kind: 'changed'; readonly sizeBytes: number }
  /** Size and modification time are unchanged, but the bytes differ: the storage lost them (bit rot). */
  | { readonly kind: 'silently_changed' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** The state of the source of a copy that differs. */
export type SourceNow = 'unchanged' | 'changed' | 'gone' | 'unknown';

/** A copy of the same file at the destination of another route. */
export interface OtherCopy {
  readonly route: RouteName;
  /** Absolute path. */
  readonly path: string;
  /** Its bytes were read and match the journal. False: they were not read, because its destination is offline or too many copies differ. */
  readonly isRead: boolean;
}

/** A copy that differs from the journal. */
export interface Differing {
  readonly id: FileId;
  readonly route: RouteName;
  readonly source: string;
  readonly destination: string;
  readonly sizeBytes: number;
  readonly difference: Difference;
  readonly sourceNow: SourceNow;
  /** The best other copy. Null: the journal has none that may be right. Absent: it was not searched for. */
  readonly otherCopy?: OtherCopy | null;
}

/** What was read for a route. */
export interface Verified {
  readonly files: number;
  readonly bytes: number;
  /**
   * Numbers of copies by how they were read: past all caches of this machine, possibly from a cache, or by size only because no
   * hash is known.
   */
  readonly direct: number;
  readonly cached: number;
  readonly sizeOnly: number;
}

/** The answer of `safe`. */
export interface SafeAnswer {
  /** Every file that is at the source now has a verified copy at every destination, and nothing was left out. */
  readonly isSafe: boolean;
  /** Number and total size of the files at the source now. */
  readonly files: number;
  readonly bytes: number;
  /** Every destination could be queried, and all of the source could be read. */
  readonly isWhole: boolean;
  /** Files that are not safe to clear, sorted by path; for each route that says so. */
  readonly notSafe: readonly UnsafeFile[];
  /**
   * Files that are safe to clear, sorted by path, for each route that reads them. Empty if a destination could not be queried or
   * a part of the source could not be read, because then the source as a whole is unknown.
   */
  readonly proven: readonly ProvenFile[];
  /** All routes that read the folder. */
  readonly routes: readonly RouteAudit[];
  /** Numbers of proven files by how their copies were compared. Of several copies of a file, the weakest proof counts. */
  readonly proof: { readonly direct: number; readonly cached: number; readonly size: number };
}

/** A file that is not safe to clear. */
export interface UnsafeFile {
  readonly route: RouteName;
  /** Path relative to the source of that route. */
  readonly path: string;
  /** Absolute path. Of a file that several routes read it is the same. */
  readonly absolute: string;
  readonly sizeBytes: number;
  readonly why: NonNullable<Judged['why']>;
}

/** Returns the number of files. A file that is not safe for several routes counts once. */
export function unsafeCount(files: readonly UnsafeFile[]): number {
  return new Set(files.map(({ absolute }) => absolute)).size;
}

/** A file that is safe to clear, as one route reads it. */
export interface ProvenFile extends ProvenCopy {
  readonly route: RouteName;
  /** Path relative to the source of that route. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** The answer of `verify`. */
export interface VerifyAnswer {
  /** Every requested copy was read and matches the journal. */
  readonly isRight: boolean;
  /** The folder that was asked for, if the journal has no copy in it. Otherwise null. */
  readonly nothingIn: string | null;
  readonly verified: Verified;
  /** In the order of the routes, and then of the destination names. */
  readonly differing: readonly Differing[];
  readonly routes: readonly RouteAudit[];
}
