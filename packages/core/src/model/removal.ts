import type { ContentHash } from './copy.ts';
import type { FileId, FileIdentity, Fingerprint, RemovalId, RouteName } from './ids.ts';

/** What happened to the source after the copy. */
export type AfterCopy = 'none' | 'pending' | 'done' | 'failed';

/** The destination of a removed source file. `folder`: absolute path; the file keeps its relative path below it. */
export type RemovalTarget = { readonly kind: 'delete' } | { readonly kind: 'archive'; readonly folder: string };

/**
 * The step that a removal at the source has reached:
 *
 * - `waits`: not begun.
 * - `hiding`: the rename to the hidden name is committed, and may have happened.
 * - `hidden`: the file has the hidden name, and must stay unchanged there for `stable_after`.
 * - `removing`: the removal is committed, and may have happened.
 * - `restoring`: the file gets its name back.
 */
export type RemovalStep = 'waits' | 'hiding' | 'hidden' | 'removing' | 'restoring';

/** The planned removal of the source of a copied file. It is part of the record, so that a later configuration removes nothing. */
export interface Removal {
  readonly to: RemovalTarget;
  /**
   * - `policy`: the setting `after_copy` when it was copied.
   * - `operator`: an operator requested it for this file.
   * - `nobody`: no removal is planned. The file was found with a hidden name, and only gets its name back.
   */
  readonly by: 'policy' | 'operator' | 'nobody';
  /** The removal that the policy had planned before an operator asked for one. It applies again if that one ends. Absent: none. */
  readonly policy?: Pick<Removal, 'to' | 'folder'>;
  readonly step: RemovalStep;
  /** The source folder that the file was copied from (`source_state`). It is removed only there. Absent: not known. */
  readonly folder?: string;
  /** Hidden name, relative to the source root; if the file `waits`, the last one that it had. Absent: it had none yet. */
  readonly hiddenAs?: string;
  /** Change time of the hidden file after the rename: nanoseconds since the epoch, decimal. Absent: unknown. */
  readonly changeNs?: string;
  /** The other routes that had copied it when its rename was committed. Absent: none. */
  readonly copiedBy?: readonly RouteName[];
  /** Number of consecutive failures. */
  readonly failures: number;
  /** Error code of the last failure; null: there was none. */
  readonly code: string | null;
  /** Wall clock. When it is tried again after a failure. Absent: there was none. */
  readonly retryAt?: number;
}

/** The reason why a due removal waits. */
export type RemovalWait =
  /** A program has it open for writing. */
  | { readonly kind: 'open_for_writing' }
  /** It has changed since it was copied. The next listing determines the new state. */
  | { readonly kind: 'changed' }
  /** Its bytes are being compared with the copy. */
  | { readonly kind: 'compared_again' }
  /** Another disk or folder is at the path of the source than the one that it was copied from. */
  | { readonly kind: 'other_source'; readonly route: RouteName }
  /** Another route reads this path too, and has not copied the file in this state. */
  | { readonly kind: 'other_route'; readonly route: RouteName }
  /** The route has another destination now than the one that it was copied to. */
  | { readonly kind: 'other_destination'; readonly route: RouteName };

/** One step of a removal. All paths are relative to the source root. */
export interface RemovalOrder {
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly removalId: RemovalId;
  /**
   * - `check`: reports whether it could be removed. Changes nothing.
   * - `hide`: rename it to `hiddenAs`.
   * - `remove`: remove `hiddenAs`, or move it into the archive.
   * - `restore`: give `hiddenAs` its name back.
   */
  readonly step: 'check' | 'hide' | 'remove' | 'restore';
  readonly source: string;
  readonly hiddenAs: string;
  /** Fingerprint of the file when it was copied. */
  readonly expected: Fingerprint;
  /** Identity of the copied file. Null: its filesystem may make up inode numbers. */
  readonly identity: FileIdentity | null;
  /** When the file had last changed in any way when it was copied: milliseconds since the epoch. Null: unknown. */
  readonly changedMs: number | null;
  /** Change time of the hidden file. Null: unknown, so its bytes have to be read. */
  readonly changeNs: string | null;
  readonly hash: ContentHash | null;
  readonly to: RemovalTarget;
  /** Whether folders that become empty are removed too. */
  readonly removeEmptyDirs: boolean;
  /** The other routes that core knows as readers of this file, all of which have copied it. Absent: those whose source paths contain one another. */
  readonly readers?: readonly RouteName[];
}

/** The report of a remover about one step. */
export type RemovalReport =
  /** Answer to `check`: it can be removed. */
  | { readonly kind: 'removable' }
  /** It was not renamed. `missing`: no file has its name. */
  | { readonly kind: 'put_off'; readonly why: 'open_for_writing' | 'changed' | 'missing' }
  | { readonly kind: 'hidden'; readonly changeNs: string }
  /** The file with the hidden name has changed since it was copied, or a program writes to it. */
  | { readonly kind: 'not_removed'; readonly why: 'open_for_writing' | 'changed' }
  /** `archivedAs`: relative to the archive. `folders`: empty folders that were removed, relative to the source root. */
  | { readonly kind: 'removed'; readonly archivedAs: string | null; readonly folders: readonly string[] }
  /** `wasHidden` false: no file had the hidden name. */
  | { readonly kind: 'restored'; readonly wasHidden: boolean }
  /** Another file has its name now, so it keeps the hidden one. */
  | { readonly kind: 'name_taken' }
  | { readonly kind: 'failed'; readonly code: string; readonly operation: string };
