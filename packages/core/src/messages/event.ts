import type { HookEnd, HookName } from '../model/conditions.ts';
import type { CopyReport, LeftoverOutcome, Mark } from '../model/copy.ts';
import type { SourceEntry, SourceStateName } from '../model/file.ts';
import type { CheckId, CopyId, FileId, ListingId, ProbeId, RemovalId, RouteName, SweepId } from '../model/ids.ts';
import type { Selection } from '../model/left-alone.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { RemovalReport } from '../model/removal.ts';
import type { CoreSettings } from '../model/settings.ts';
import type { Action, Operator } from './action.ts';
import type { RouteEvent } from './route-event.ts';

/** An event. Plain data; time and new ids come in the envelope. */
export type Event =
  | { readonly kind: 'agent_started' }
  /** The settings of the agent are those of its configuration file. The journal gets the changes since the earlier agent. */
  | { readonly kind: 'configured' }
  /** Other settings are in force from now on. Routes may have been added or removed. */
  | { readonly kind: 'reloaded'; readonly settings: CoreSettings; readonly by: string }
  /** A reload has ended: the settings are in force, or they were refused. */
  | Extract<RouteEvent, { kind: 'reload_ended' }>
  /** Answer to `route_drained`: the last copies of the removed route have ended. */
  | { readonly kind: 'route_left'; readonly route: RouteName }
  /** The moment that `nextWake` named has come. */
  | { readonly kind: 'tick' }
  /**
   * The journal accepts the records that it had refused. Nothing was sent or read meanwhile, so requests from before count as
   * sent now.
   */
  | { readonly kind: 'journal_resumed' }
  | { readonly kind: 'stop_requested'; readonly by: string; readonly reason?: string | null; readonly mode: 'graceful' | 'drain' }
  /** `stop_after` has passed since the request: core waits for no copy any more. */
  | { readonly kind: 'stop_deadline' }
  /** An operator requests an action. An impossible action was refused before, by `refusal`. */
  | { readonly kind: 'operator_asked'; readonly action: Action; readonly who: Operator }
  /** A command of the operator ended. `routes`: the routes of the run, each with the number of calls that it was for. */
  | {
      readonly kind: 'hook_ended';
      readonly hook: HookName;
      readonly program: string;
      readonly tookMs: number;
      readonly end: HookEnd;
      readonly routes: readonly { readonly route: RouteName; readonly calls: number }[];
    }
  // the source side
  | {
      readonly kind: 'source_state';
      readonly route: RouteName;
      readonly state: SourceStateName;
      readonly code: string | null;
      /** The first path in it that cannot be read, relative. Null: everything can be read, or the source itself cannot. */
      readonly unreadPath: string | null;
      readonly freeBytes: number | null;
      /** Absent: unknown. */
      readonly totalBytes?: number | null;
      /** How long the source's attributes may be stale, milliseconds; 0 on a local disk. */
      readonly cacheMs: number;
      readonly description: string | null;
      /** A text that no other disk, share or folder at the path has. Absent: it was not read. */
      readonly folder?: string;
    }
  /** A listing has found this many files, and more changes than one message has. They follow. */
  | { readonly kind: 'source_listed'; readonly route: RouteName; readonly files: number }
  /** New entries, and entries whose fingerprint changed since they were last reported. They may come in several batches. */
  | { readonly kind: 'entries_seen'; readonly route: RouteName; readonly entries: readonly SourceEntry[] }
  /** A watch noticed a change at these paths. That is a reason to check them, not a fact. */
  | { readonly kind: 'paths_noticed'; readonly route: RouteName; readonly paths: readonly string[] }
  /** The answer to a check, after its changes were reported by `entries_seen`. `absent`: ENOENT of the path itself. */
  | {
      readonly kind: 'paths_checked';
      readonly route: RouteName;
      readonly checkId: CheckId;
      readonly present: readonly string[];
      readonly absent: readonly string[];
    }
  /** A listing that is complete except for the folders in `unread`, after its changes were reported by `entries_seen`. */
  | {
      readonly kind: 'listing_completed';
      readonly route: RouteName;
      readonly listingId: ListingId;
      /** Paths that are missing in this complete listing and the one before it, and ENOENT by name. */
      readonly vanished: readonly string[];
      /** It looked only for names that appeared or disappeared, and says nothing about changes of other files. */
      readonly isQuick: boolean;
      /** Processor time of the listing, milliseconds. */
      readonly processorMs: number;
      readonly entryCount: number;
      /** Empty files younger than `stable_after`. A program may be about to write to them. */
      readonly youngEmptyCount: number;
      /** The files that were left alone, and patterns that matched nothing. */
      readonly selection: Selection;
      /** Folders that could not be read. Nothing is known about the files in them. */
      readonly unread?: readonly string[];
      /** Files that have the hidden name of a removal. Absent: there are none. */
      readonly aside?: readonly string[];
    }
  | { readonly kind: 'listing_failed'; readonly route: RouteName; readonly listingId: ListingId; readonly code: string }
  /** The intake child is a new one without any knowledge: it reports every entry again. */
  | { readonly kind: 'intake_restarted'; readonly route: RouteName }
  // the destination side
  /** The command that `prepare` requested has ended, or cannot be run now. */
  | { readonly kind: 'prepared'; readonly route: RouteName }
  | { readonly kind: 'probe_answered'; readonly route: RouteName; readonly probeId: ProbeId; readonly result: ProbeResult }
  /** `marker`: the UUID in the marker now, which another agent may have written first. */
  | { readonly kind: 'marker_written'; readonly route: RouteName; readonly marker: string }
  /** The marker could not be written. `result` is the answer of the probe that found none. */
  | { readonly kind: 'marker_refused'; readonly route: RouteName; readonly result: Extract<ProbeResult, { kind: 'bad' }> }
  /** Every prober that this path may have hangs. */
  | { readonly kind: 'prober_hung'; readonly route: RouteName; readonly pids: readonly number[] }
  | {
      readonly kind: 'copy_reported';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly copyId: CopyId;
      readonly report: CopyReport;
    }
  /** The carrier process ended or was abandoned. Its unfinished copies are lost. */
  | { readonly kind: 'carrier_lost'; readonly route: RouteName; readonly copyIds: readonly CopyId[]; readonly code: string }
  | {
      readonly kind: 'parts_removed';
      readonly route: RouteName;
      readonly sweepId: SweepId;
      readonly removed: readonly string[];
      readonly kept: readonly string[];
    }
  /** `done`: the file has its marked name. `gone`: none of Sluice's files has the original name any more. */
  | {
      readonly kind: 'leftover_marked';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly mark: Mark;
      readonly outcome: 'done' | 'gone' | 'refused';
    }
  /** Answer to `remove_leftover`. */
  | {
      readonly kind: 'leftover_removed';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly name: string;
      readonly outcome: LeftoverOutcome;
    }
  | {
      readonly kind: 'removal_reported';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly removalId: RemovalId;
      readonly report: RemovalReport;
    }
  /** The process that removes source files has ended, or hangs. The results of its orders are unknown. */
  | { readonly kind: 'remover_lost'; readonly route: RouteName; readonly code: string };

/** The input of `step` in addition to the state. */
export interface Envelope {
  /** Number of the first record this step may write. */
  readonly seq: number;
  /** Monotonic clock, milliseconds. */
  readonly at: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly wall: number;
  readonly ids: { fresh(): string };
  readonly event: Event;
  /**
   * The next event follows at once, and is also a report of a copy (`isReport`). What the state calls for after each event is then
   * done after the last of them, because it takes longer than to apply a report.
   */
  readonly isFollowed?: boolean;
}

/** Returns whether an event is a report of a copy. While many small files are copied, most events are. */
export function isReport(event: Event | undefined): boolean {
  return event?.kind === 'copy_reported';
}
