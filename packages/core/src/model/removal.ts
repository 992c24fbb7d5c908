import type { ContentHash } from './copy.ts';
import type { FileId, FileIdentity, Fingerprint, RemovalId, RouteName } from './ids.ts';

/** Where a removed source file goes. `folder`: absolute; the file keeps its relative path there. */
export type RemovalTarget = { readonly kind: 'delete' } | { readonly kind: 'archive'; readonly folder: string };

/**
 * How far a removal at the source is.
 *
 * - `waits`: nothing was done yet.
 * - `hiding`: the rename to the hidden name is committed, and may have happened.
 * - `hidden`: it has the hidden name, and rests there for `stable_after`.
 * - `removing`: the removal is committed, and may have happened.
 * - `restoring`: it gets its name back.
 */
export type RemovalStep = 'waits' | 'hiding' | 'hidden' | 'removing' | 'restoring';

/** What is to become of the source file of a copied file. The record keeps it, so that a later configuration removes nothing. */
export interface Removal {
  readonly to: RemovalTarget;
  /**
   * - `policy`: the setting `after_copy` when it was copied.
   * - `operator`: somebody asked for this file.
   * - `nobody`: it was found with a hidden name that no removal explains, and only gets its name back.
   */
  readonly by: 'policy' | 'operator' | 'nobody';
  readonly step: RemovalStep;
  /** Its hidden name: relative to the source root. Absent: none was given yet. */
  readonly hiddenAs?: string;
  /** Change time of the hidden file after the rename: nanoseconds since the epoch, decimal. Absent: not known. */
  readonly changeNs?: string;
  /** Failures in a row. */
  readonly failures: number;
  /** Error code of the last failure; null: there was none. */
  readonly code: string | null;
  /** Wall clock: when it is tried again after a failure. Absent: there was none. */
  readonly retryAt?: number;
}

/** What a removal waits for once its time has come. */
export type RemovalWait =
  /** A program has it open for writing. */
  | { readonly kind: 'open_for_writing' }
  /** It is not as it was copied: the next listing says what became of it. */
  | { readonly kind: 'changed' }
  /** Its bytes are being compared with its copy. */
  | { readonly kind: 'compared_again' }
  /** Another route reads this path too and has not copied it as it is. */
  | { readonly kind: 'other_route'; readonly route: RouteName }
  /** The destination that it was copied to is not the one of the route any more. */
  | { readonly kind: 'other_destination'; readonly route: RouteName };

/** One step of a removal. All paths are relative to the source root. */
export interface RemovalOrder {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly removalId: RemovalId;
  /**
   * - `check`: would it be removed? Changes nothing.
   * - `hide`: rename it to `hiddenAs`.
   * - `remove`: remove `hiddenAs`, or move it into the archive.
   * - `restore`: give `hiddenAs` its name back.
   */
  readonly step: 'check' | 'hide' | 'remove' | 'restore';
  readonly source: string;
  readonly hiddenAs: string;
  /** As it was copied. */
  readonly expected: Fingerprint;
  /** Which file was copied; null: its filesystem may make up inode numbers. */
  readonly identity: FileIdentity | null;
  /** When anything of it had changed as it was copied: milliseconds since the epoch; null: not known. */
  readonly changedMs: number | null;
  /** The change time of the hidden file; null: not known, so that its bytes have to be read. */
  readonly changeNs: string | null;
  readonly hash: ContentHash | null;
  readonly to: RemovalTarget;
  /** Folders that are empty afterwards are removed too. */
  readonly removeEmptyDirs: boolean;
}

/** What a remover reports of one step. */
export type RemovalReport =
  /** Answer to `check`: nothing speaks against it. */
  | { readonly kind: 'removable' }
  /** Nothing was renamed. `missing`: nothing has its name. */
  | { readonly kind: 'put_off'; readonly why: 'open_for_writing' | 'changed' | 'missing' }
  | { readonly kind: 'hidden'; readonly changeNs: string }
  /** What has the hidden name is not as it was copied, or a program writes to it. */
  | { readonly kind: 'not_removed'; readonly why: 'open_for_writing' | 'changed' }
  /** `archivedAs`: relative to the archive. `folders`: empty folders that were removed, relative to the source root. */
  | { readonly kind: 'removed'; readonly archivedAs: string | null; readonly folders: readonly string[] }
  /** `wasHidden` false: nothing had the hidden name. */
  | { readonly kind: 'restored'; readonly wasHidden: boolean }
  /** Another file has its name by now. It keeps the hidden one. */
  | { readonly kind: 'name_taken' }
  | { readonly kind: 'failed'; readonly code: string; readonly operation: string };
