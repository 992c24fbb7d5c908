import { type Check, isAmount, isFlag, isText, listOf, oneOf, orAbsent, orNull, shapeOf, unionOf } from '@sluice/child';
import type { FileId, RouteSettings } from '@sluice/core/model';
import type { Differing, Judged, ProvenCopy, RouteAudit, Verified } from '../model.ts';

/** The task and settings of an audit process. */
export interface AuditInit {
  readonly task: AuditTask;
  readonly route: RouteSettings;
  /** UUID of the destination's marker. Null: not known. */
  readonly marker: string | null;
  readonly plainFolderMeant: boolean;
  /** Markers of all destinations of the agent. A source does not count them as files. */
  readonly ownMarkers: readonly string[];
  /** Path of the journal. */
  readonly journalPath: string;
  /** Path of the native addon of better-sqlite3, in the packed executable. Null elsewhere. */
  readonly addonPath: string | null;
  /** Folder below the source, `/` between the parts. Null: the whole source. */
  readonly folder: string | null;
}

export type AuditTask =
  /** `reads`: the bytes on both sides are compared with the hash in the journal. */
  | { readonly kind: 'safe'; readonly reads: boolean }
  /**
   * `since`: only files that ended since then, milliseconds since the epoch. `skipped`: ids of files that an earlier run found
   * unchanged.
   */
  | { readonly kind: 'verify'; readonly since: number; readonly skipped: readonly string[] }
  /** Finds copies of these files at the destination of this route, and reads them. */
  | { readonly kind: 'others'; readonly of: readonly SoughtFile[] };

/** A copied file of another route. */
export interface SoughtFile {
  readonly id: FileId;
  /** The paths that it may have in the source of this route, relative. */
  readonly paths: readonly string[];
}

/** A message from an audit process. */
export type AuditMessage =
  /** Totals, as soon as they are known. */
  | { readonly kind: 'counted'; readonly files: number; readonly bytes: number }
  /** Files and bytes so far. */
  | { readonly kind: 'progress'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'judged'; readonly files: readonly Judged[] }
  | { readonly kind: 'differs'; readonly file: Differing }
  /** Another copy of the file with this id. A later message replaces an earlier one. `destination` null: it differs too. */
  | { readonly kind: 'other_copy'; readonly id: FileId; readonly destination: string | null; readonly isRead: boolean }
  /** Ids of files that were found unchanged. */
  | { readonly kind: 'right'; readonly ids: readonly string[] }
  | { readonly kind: 'ended'; readonly route: RouteAudit; readonly verified: Verified | null }
  /** The journal could not be read, or the program has a fault. */
  | { readonly kind: 'failed'; readonly why: string; readonly isJournal: boolean };

const isObject: Check = (value) => typeof value === 'object' && value !== null;

/** Checks whether a message is one from an audit process. */
export const isAuditMessage: Check = unionOf<AuditMessage>({
  counted: { files: isAmount, bytes: isAmount },
  progress: { files: isAmount, bytes: isAmount },
  judged: {
    files: listOf(
      shapeOf<Judged>({
        path: isText,
        sizeBytes: isAmount,
        why: orNull(isObject),
        readback: orNull(isText),
        copy: orAbsent(shapeOf<ProvenCopy>({ id: isText, mtimeNs: isText, identity: orAbsent(isText) })),
      }),
    ),
  },
  differs: {
    file: shapeOf<Differing>({
      id: isText,
      route: isText,
      source: isText,
      destination: isText,
      sizeBytes: isAmount,
      difference: isObject,
      sourceNow: oneOf('unchanged', 'changed', 'gone', 'unknown'),
      otherCopy: orAbsent(orNull(isObject)),
    }),
  },
  other_copy: { id: isText, destination: orNull(isText), isRead: isFlag },
  right: { ids: listOf(isText) },
  ended: {
    route: shapeOf<RouteAudit>({
      route: isText,
      away: orNull(isObject),
      sourceCode: orNull(isText),
      unread: listOf(isText),
      leftAlone: listOf(isObject),
    }),
    verified: orNull(shapeOf<Verified>({ files: isAmount, bytes: isAmount, direct: isAmount, cached: isAmount, sizeOnly: isAmount })),
  },
  failed: { why: isText, isJournal: isFlag },
});
