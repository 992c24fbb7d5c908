import type { ContentHash, CopyOrder, DestinationMount, PublishOrder } from '../model/copy.ts';
import type { FileError } from '../model/fault.ts';
import type { Mark, SourceStateName } from '../model/file.ts';
import type { Finding } from '../model/finding.ts';
import type { CheckId, CopyId, FileId, FileIdentity, Fingerprint, ListingId, ProbeId, RouteName, SweepId } from '../model/ids.ts';
import type { GateCause } from '../model/probe.ts';
import type { RouteSettings } from '../model/settings.ts';
import type { RoomShort } from '../model/trouble.ts';

/** What needs a person. */
export type Condition =
  /** Still changing after `stuck_after`, and not to be copied meanwhile. */
  | { readonly kind: 'file_stuck'; readonly source: string }
  | { readonly kind: 'name_invalid'; readonly source: string }
  /** It failed too often, or in a way in which every later attempt would. `destination`: the name of the attempt that failed. */
  | { readonly kind: 'failed_too_often'; readonly source: string; readonly destination: string; readonly error: FileError }
  | RouteCondition;

/** What stops the work of a whole route. `forMs`: how long it has lasted. */
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
      /** What in it cannot be read, relative; null: the source itself. */
      readonly path: string | null;
    }
  | { readonly kind: 'no_room'; readonly forMs: number; readonly room: RoomShort };

/** What the agent has to do, after the records of the same step are committed. */
export type Effect =
  /**
   * `emptyIsMeant`: an operator says that what is missing is gone for good, however much that is. `unseen`: so many files of an
   * earlier life were not seen in this one, of which some are not copied yet: an empty source may be one that is not mounted.
   * `nothingWaits`: all that is known was copied, so that another disk with other files is the source from now on.
   */
  | {
      readonly kind: 'list_source';
      readonly route: RouteName;
      readonly listingId: ListingId;
      readonly emptyIsMeant: boolean;
      /** Only names that came or went are of interest, where that can be told. */
      readonly isQuick: boolean;
      readonly unseen?: number;
      readonly nothingWaits?: boolean;
    }
  | { readonly kind: 'check_paths'; readonly route: RouteName; readonly checkId: CheckId; readonly paths: readonly string[] }
  /**
   * `expectedMarker`: the UUID this destination is known by; null: not known yet. `writes`: a file is created and removed there; without
   * it the destination is read only, unless that leaves a doubt.
   */
  | {
      readonly kind: 'probe';
      readonly route: RouteName;
      readonly probeId: ProbeId;
      readonly expectedMarker: string | null;
      /** The operator said that a plain folder is meant. */
      readonly plainFolderMeant: boolean;
      readonly writes: boolean;
    }
  | { readonly kind: 'write_marker'; readonly route: RouteName; readonly marker: string; readonly mount: DestinationMount }
  /** Look at both sides, create nothing; answered by `preflight`, `held_by_writer` or `failed`. */
  | { readonly kind: 'preflight'; readonly order: CopyOrder }
  | { readonly kind: 'copy'; readonly order: CopyOrder }
  /** Past the page cache, or answered by `direct_refused`. */
  | { readonly kind: 'read_back'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId }
  /** By a new process that never saw the copy, through the page cache; `order.expected` is the settled source. */
  | { readonly kind: 'read_back_fresh'; readonly order: CopyOrder; readonly hash: ContentHash; readonly sizeBytes: number }
  /** To the carrier that made the copy, after a fresh process saw its source move: follow and settle again. */
  | { readonly kind: 'follow_again'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId }
  | { readonly kind: 'publish'; readonly order: PublishOrder }
  /** End this copy and remove its part, then report `withdrawn`. */
  | { readonly kind: 'withdraw'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId }
  /** The file has FAILED: stop its copy, leave its files, report nothing. `isHung`: one of its calls never returned. */
  | { readonly kind: 'give_up'; readonly route: RouteName; readonly fileId: FileId; readonly copyId: CopyId; readonly isHung: boolean }
  /** Hash a source that is thought to hold the bytes it held before; answered by `source_hashed` or `failed`. */
  | {
      readonly kind: 'hash_source';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly copyId: CopyId;
      readonly source: string;
      readonly sourceIdentity: FileIdentity | null;
      readonly expected: Fingerprint;
    }
  /** The copy is over: forget what the carrier held of it. */
  | { readonly kind: 'forget'; readonly route: RouteName; readonly copyId: CopyId }
  /** The gate closed: end the carrier process; a new one is started when it is next needed. */
  | { readonly kind: 'end_carrier'; readonly route: RouteName }
  | {
      readonly kind: 'remove_parts';
      readonly route: RouteName;
      readonly sweepId: SweepId;
      readonly parts: readonly string[];
      readonly mount: DestinationMount;
    }
  /** A visible leftover gets the name that says so; what has that name already is never replaced. */
  | {
      readonly kind: 'mark_leftover';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly mark: Mark;
      readonly mount: DestinationMount;
    }
  /** Something needs a person: run the operator's hook. */
  | { readonly kind: 'attention'; readonly route: RouteName; readonly condition: Condition }
  /** These are the settings of the routes from now on. A route without children gets them. */
  | { readonly kind: 'configure_routes'; readonly routes: readonly RouteSettings[] }
  /** Nothing of a removed route runs any more: to be answered by `route_left`. */
  | { readonly kind: 'route_drained'; readonly route: RouteName }
  /** The route is gone: end its children. */
  | { readonly kind: 'end_route'; readonly route: RouteName }
  /** Every copy has ended: the agent may go. */
  | { readonly kind: 'stopped' };
