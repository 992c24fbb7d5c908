import type { RoomShort, RouteTroubleName } from '../model/conditions.ts';
import type { ContentHash, CopyOrder, DestinationMount, LeftoverCheck, Mark, PublishOrder } from '../model/copy.ts';
import type { FileError, Finding } from '../model/fault.ts';
import type { SourceStateName } from '../model/file.ts';
import type { CheckId, CopyId, FileId, FileIdentity, Fingerprint, ListingId, ProbeId, RouteName, SweepId } from '../model/ids.ts';
import type { GateCause } from '../model/probe.ts';
import type { RemovalOrder } from '../model/removal.ts';
import type { DiskAmount, RouteSettings } from '../model/settings.ts';

/** A condition that needs a person. */
export type Condition =
  /** The file still changes after `stuck_after`, and cannot be copied meanwhile. */
  | { readonly kind: 'file_stuck'; readonly source: string }
  | { readonly kind: 'name_invalid'; readonly source: string }
  /** The file failed too often, or so that every later attempt would fail too. `destination`: the name of the failed attempt. */
  | { readonly kind: 'failed_too_often'; readonly source: string; readonly destination: string; readonly error: FileError }
  /** The file vanished at the source, or was emptied there, before it was copied. */
  | { readonly kind: 'file_lost'; readonly source: string; readonly isEmptied: boolean }
  | RouteCondition;

/** A condition of a whole route for which a person is called. `forMs`: how long it has lasted; 0 if that is not needed. */
export type RouteCondition =
  | {
      readonly kind: 'destination_offline';
      readonly forMs: number;
      readonly destination: string;
      readonly cause: GateCause | null;
      readonly code: string | null;
      readonly finding: Finding;
    }
  | {
      readonly kind: 'source_away';
      readonly forMs: number;
      readonly state: Exclude<SourceStateName, 'ok'>;
      readonly code: string | null;
      /** The first path in the source that cannot be read, relative. Null: the source itself cannot. */
      readonly path: string | null;
    }
  | { readonly kind: 'no_room'; readonly forMs: number; readonly room: RoomShort }
  /** `warnBelow`: the setting `source_warn_below`. */
  | { readonly kind: 'source_nearly_full'; readonly forMs: number; readonly freeBytes: number; readonly warnBelow: DiskAmount }
  /** All files of the route that need a person, and one of them. Each of them was a condition when it began. */
  | { readonly kind: 'files_need_you'; readonly forMs: number; readonly files: number; readonly source: string }
  /** All files that vanished before they were copied and were not acknowledged, and the newest of them. */
  | { readonly kind: 'files_lost'; readonly forMs: number; readonly files: number; readonly source: string }
  /** Copied files that cannot be removed at the source, one of them, and the error code of its removal. */
  | { readonly kind: 'removal_failing'; readonly forMs: number; readonly files: number; readonly source: string; readonly code: string };

/** A condition of the agent itself for which a person is called. Core does not create them. */
export type AgentCondition =
  | { readonly kind: 'journal_not_writable'; readonly forMs: number; readonly code: string }
  | { readonly kind: 'state_disk_nearly_full'; readonly forMs: number; readonly stateDir: string; readonly freeBytes: number };

/** What the agent has to do after the records of the same step are committed. */
export type Effect =
  /**
   * `emptyIsMeant`: an operator says that missing files were removed, however many they are. `unseen`: number of files of an
   * earlier run that were not seen in this one, if some of them are not copied yet: an empty source may be one that is not
   * mounted. `nothingWaits`: all known files were copied, so that another disk with other files becomes the source.
   */
  | {
      readonly kind: 'list_source';
      readonly route: RouteName;
      readonly listingId: ListingId;
      readonly emptyIsMeant: boolean;
      /** Only names that appeared or disappeared are needed, if the source can be listed in that way. */
      readonly isQuick: boolean;
      readonly unseen?: number;
      readonly nothingWaits?: boolean;
      /** Paths to forget. They are not reported as missing, because Sluice has removed them; or, if they are there, again as new. */
      readonly takenAway?: readonly string[];
      /** Paths that the next full listing is to report, also if they have not changed since they were reported. */
      readonly again?: readonly string[];
    }
  | { readonly kind: 'check_paths'; readonly route: RouteName; readonly checkId: CheckId; readonly paths: readonly string[] }
  /**
   * `expectedMarker`: the UUID by which this destination is known; null: not known yet. `writes`: the probe creates and removes a
   * file. Without it the probe only reads, unless the result would be uncertain.
   */
  | {
      readonly kind: 'probe';
      readonly route: RouteName;
      readonly probeId: ProbeId;
      readonly expectedMarker: string | null;
      /** The operator accepted a plain folder. */
      readonly plainFolderMeant: boolean;
      readonly writes: boolean;
    }
  | { readonly kind: 'write_marker'; readonly route: RouteName; readonly marker: string; readonly mount: DestinationMount }
  /** Checks both sides and creates nothing. Answered by `preflight`, `held_by_writer` or `failed`. */
  | { readonly kind: 'preflight'; readonly order: CopyOrder }
  | { readonly kind: 'copy'; readonly order: CopyOrder }
  /** Reads back past the page cache. Answered by `direct_refused` if that is not possible. */
  | { readonly kind: 'read_back'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId }
  /** Reads back through the page cache, in a new process that did not write the copy. `order.expected` is the settled source. */
  | { readonly kind: 'read_back_fresh'; readonly order: CopyOrder; readonly hash: ContentHash; readonly sizeBytes: number }
  /** Sent to the carrier that made the copy, after a fresh process saw its source change: it follows and settles again. */
  | { readonly kind: 'follow_again'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId }
  | { readonly kind: 'publish'; readonly order: PublishOrder }
  /** Ends this copy, removes its temporary file, and reports `withdrawn`. */
  | { readonly kind: 'withdraw'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId }
  /** The file has failed: stops its copy, leaves its files, and reports nothing. `isHung`: one of its calls never returned. */
  | { readonly kind: 'give_up'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId; readonly isHung: boolean }
  /** Hashes a source that probably still has the same bytes. Answered by `source_hashed` or `failed`. */
  | {
      readonly kind: 'hash_source';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly copyId: CopyId;
      readonly source: string;
      readonly sourceIdentity: FileIdentity | null;
      readonly expected: Fingerprint;
    }
  /** The copy is over: the carrier forgets it. */
  | { readonly kind: 'forget'; readonly route: RouteName; readonly copyId: CopyId }
  /** The gate closed: ends the carrier process. A new one is started when it is next needed. */
  | { readonly kind: 'end_carrier'; readonly route: RouteName }
  | {
      readonly kind: 'remove_parts';
      readonly route: RouteName;
      readonly sweepId: SweepId;
      readonly parts: readonly string[];
      readonly mount: DestinationMount;
    }
  /** Renames a visible leftover to its marked name. A file with that name is never replaced. */
  | {
      readonly kind: 'mark_leftover';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly mark: Mark;
      readonly mount: DestinationMount;
    }
  /** Compares a leftover with the journal, and removes it if it is unchanged. `hidden`: the name that it gets first. */
  | {
      readonly kind: 'remove_leftover';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly leftover: LeftoverCheck;
      readonly hidden: string;
      readonly mount: DestinationMount;
    }
  /** One step of a removal at the source, by a separate process. */
  | { readonly kind: 'remove_source'; readonly order: RemovalOrder }
  /**
   * Runs the operator's command that may make the destination available. Its end is the event `prepared`.
   * `isAwaited`: the destination is not known, so that its first probe waits until the command has ended.
   */
  | { readonly kind: 'prepare'; readonly route: RouteName; readonly isAwaited: boolean }
  /** A condition began to need a person: runs the operator's hook. `name` groups conditions; `attention_over` has the same name. */
  | { readonly kind: 'attention'; readonly route: RouteName; readonly name: RouteTroubleName; readonly condition: Condition }
  /** A condition for which a person was called has ended. `forMs`: how long it lasted. */
  | { readonly kind: 'attention_over'; readonly route: RouteName; readonly name: RouteTroubleName; readonly forMs: number }
  /** The settings of the routes changed. A route without children gets some. */
  | { readonly kind: 'configure_routes'; readonly routes: readonly RouteSettings[] }
  /** A removed route has no work any more. The answer is `route_left`. */
  | { readonly kind: 'route_drained'; readonly route: RouteName }
  /** A removed route has ended: its children are to be ended. */
  | { readonly kind: 'end_route'; readonly route: RouteName }
  /** Every copy has ended, so the agent may end. */
  | { readonly kind: 'stopped' };
