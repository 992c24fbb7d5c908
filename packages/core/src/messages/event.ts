import type { CopyReport } from '../model/copy.ts';
import type { Mark, SourceEntry, SourceStateName } from '../model/file.ts';
import type { CheckId, CopyId, FileId, ListingId, ProbeId, RouteName, SweepId } from '../model/ids.ts';
import type { Selection } from '../model/left-alone.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { CoreSettings } from '../model/settings.ts';
import type { Action, Operator } from './action.ts';

/** What happened. Plain data; time and fresh ids arrive in the envelope. */
export type Event =
  | { readonly kind: 'agent_started' }
  /** The settings of the agent are those of its configuration file: the journal gets what changed since an earlier agent. */
  | { readonly kind: 'configured' }
  /** Other settings are in force from now on. Routes may have come, and others gone. */
  | { readonly kind: 'reloaded'; readonly settings: CoreSettings; readonly by: string }
  /** The last copies of a removed route have ended, which `route_drained` asked about. */
  | { readonly kind: 'route_left'; readonly route: RouteName }
  /** The moment that `nextWake` named has come. */
  | { readonly kind: 'tick' }
  /** The journal takes what it had refused for a while. Nothing was asked or read meanwhile: what was asked before is asked now. */
  | { readonly kind: 'journal_resumed' }
  | { readonly kind: 'stop_requested'; readonly by: string; readonly mode: 'graceful' | 'drain' }
  /** `stop_after` has passed since the request: nothing is waited for any longer. */
  | { readonly kind: 'stop_deadline' }
  /** Somebody wants something; what cannot be done is refused before, by `refusal`. */
  | { readonly kind: 'operator_asked'; readonly action: Action; readonly who: Operator }
  // the source side
  | {
      readonly kind: 'source_state';
      readonly route: RouteName;
      readonly state: SourceStateName;
      readonly code: string | null;
      /** What in it cannot be read, relative; null: the source itself, or nothing. */
      readonly unreadPath: string | null;
      readonly freeBytes: number | null;
      /** How long the source's attributes may be stale, milliseconds; 0 on a local disk. */
      readonly cacheMs: number;
      readonly description: string | null;
    }
  /** New entries, and entries whose fingerprint moved since they were last reported. May come in several batches. */
  | { readonly kind: 'entries_seen'; readonly route: RouteName; readonly entries: readonly SourceEntry[] }
  /** The watcher thinks that something happened there: a reason to check, not a fact. */
  | { readonly kind: 'paths_noticed'; readonly route: RouteName; readonly paths: readonly string[] }
  /** Answer to a check, after its changes were reported by `entries_seen`. `absent`: ENOENT of the path itself. */
  | {
      readonly kind: 'paths_checked';
      readonly route: RouteName;
      readonly checkId: CheckId;
      readonly present: readonly string[];
      readonly absent: readonly string[];
    }
  /** A listing that is complete but for the folders in `unread`, after its changes were reported by `entries_seen`. */
  | {
      readonly kind: 'listing_completed';
      readonly route: RouteName;
      readonly listingId: ListingId;
      /** Not in this complete listing, not in the one before it, and ENOENT by name. */
      readonly vanished: readonly string[];
      /** It found the names that came or went, and says nothing of what was written to the others. */
      readonly isQuick: boolean;
      /** Time of the processor that it took. */
      readonly processorMs: number;
      readonly entryCount: number;
      /** Empty files younger than `stable_after`: somebody may be about to write. */
      readonly youngEmptyCount: number;
      /** What was left alone, and which patterns matched nothing. */
      readonly selection: Selection;
      /** Folders that could not be read: nothing is said of what is below them. */
      readonly unread?: readonly string[];
    }
  | { readonly kind: 'listing_failed'; readonly route: RouteName; readonly listingId: ListingId; readonly code: string }
  /** The intake child is a new one and knows nothing: it reports every entry again. */
  | { readonly kind: 'intake_restarted'; readonly route: RouteName }
  // the destination side
  | { readonly kind: 'probe_answered'; readonly route: RouteName; readonly probeId: ProbeId; readonly result: ProbeResult }
  /** `marker`: the UUID that stands there now, ours or that of who was faster. */
  | { readonly kind: 'marker_written'; readonly route: RouteName; readonly marker: string }
  /** It could not be written: the answer of the probe that found none. */
  | { readonly kind: 'marker_refused'; readonly route: RouteName; readonly result: Extract<ProbeResult, { kind: 'bad' }> }
  /** Every prober this path may have is hung. */
  | { readonly kind: 'prober_hung'; readonly route: RouteName; readonly pids: readonly number[] }
  | {
      readonly kind: 'copy_reported';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly copyId: CopyId;
      readonly report: CopyReport;
    }
  /** The carrier process ended, or was given up; what it had not finished is lost. */
  | { readonly kind: 'carrier_lost'; readonly route: RouteName; readonly copyIds: readonly CopyId[]; readonly code: string }
  | {
      readonly kind: 'parts_removed';
      readonly route: RouteName;
      readonly sweepId: SweepId;
      readonly removed: readonly string[];
      readonly kept: readonly string[];
    }
  /** `done`: it has the mark now. `gone`: there is nothing of ours under its name any more. */
  | {
      readonly kind: 'leftover_marked';
      readonly route: RouteName;
      readonly fileId: FileId;
      readonly mark: Mark;
      readonly outcome: 'done' | 'gone' | 'refused';
    };

/** What `step` is given in addition to the state. */
export interface Envelope {
  /** Number of the first record this step may write. */
  readonly seq: number;
  /** Monotonic clock, milliseconds. */
  readonly at: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly wall: number;
  readonly ids: { fresh(): string };
  readonly event: Event;
}
