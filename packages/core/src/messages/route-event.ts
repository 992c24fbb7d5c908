import type { HookEnd, HookName, RoomShort, RouteTroubleName } from '../model/conditions.ts';
import type { Finding } from '../model/fault.ts';
import type { SourceStateName } from '../model/file.ts';
import type { Selection } from '../model/left-alone.ts';
import type { GateCause } from '../model/probe.ts';
import type { RouteSettings } from '../model/settings.ts';

/** A renaming at the source that was noticed at once. Paths are relative; `''` is the source itself. */
export interface Renaming {
  /** What was renamed: a file, a folder, or all files of a folder, one by one. */
  readonly what: 'file' | 'folder' | 'files_of_folder';
  /** Path before, relative to the source folder. Empty: the source itself. */
  readonly from: string;
  /** Path after, relative to the source folder. Empty: the source itself. */
  readonly to: string;
  /** Number of files that have another path because of it. If `what` is `file`: how many were renamed at once, this one included. */
  readonly files: number;
  /** The setting `on_rename`, which decides about their copies. Null: they were not copied yet. */
  readonly onRename: RouteSettings['onRename'] | null;
}

/** An event of a route, as the journal keeps it. Wall clock in milliseconds since the epoch. */
export type RouteEvent =
  /** The intent to write a marker into an unmarked destination. */
  | { readonly kind: 'marker_intended'; readonly marker: string; readonly destination: string }
  | { readonly kind: 'destination_known'; readonly marker: string; readonly destination: string }
  | { readonly kind: 'destination_forgotten'; readonly destination: string }
  | {
      readonly kind: 'destination_adopted';
      readonly by: string;
      readonly reason: string | null;
      readonly before: string | null;
      readonly destination: string;
    }
  /** The disk or folder at the path of the source was accepted. `files`: how many files are no longer to be removed on an earlier one. */
  | { readonly kind: 'source_adopted'; readonly by: string; readonly reason: string | null; readonly files: number }
  | { readonly kind: 'held'; readonly by: string; readonly since: number; readonly until: number | null; readonly reason: string }
  | { readonly kind: 'released'; readonly by: string; readonly reason: string | null }
  /** The time of the hold is over. */
  | { readonly kind: 'hold_expired' }
  | ({ readonly kind: 'renamed' } & Renaming)
  | { readonly kind: 'rescan_asked'; readonly by: string; readonly reason: string | null }
  /** A stop of the agent was requested. `drain`: running copies are finished first. */
  | { readonly kind: 'stop_asked'; readonly by: string; readonly reason: string | null; readonly mode: 'graceful' | 'drain' }
  /** It was requested to prune records that ended before this moment. */
  | { readonly kind: 'prune_asked'; readonly by: string; readonly reason: string | null; readonly before: number }
  /**
   * It was requested to read the settings again. Written on the first route. `problem`: why nothing was changed; null: they are in
   * force. `changes`, `waiting`: how many settings and routes changed, and how many of them need a restart. `ofAgent`: the settings
   * of the agent itself that changed.
   */
  | {
      readonly kind: 'reload_ended';
      readonly by: string;
      readonly reason: string | null;
      readonly file: string | null;
      readonly problem: string | null;
      readonly changes: number;
      readonly waiting: number;
      readonly ofAgent: readonly string[];
    }
  /** Source paths that are copied before all others. */
  | { readonly kind: 'first'; readonly sources: readonly string[] }
  | { readonly kind: 'links_refused'; readonly code: string }
  | { readonly kind: 'parts_to_remove'; readonly parts: readonly string[] }
  /** `path`: the first path in the source that cannot be read, relative. Null: the source itself, or none. */
  | { readonly kind: 'source_state'; readonly state: SourceStateName; readonly code: string | null; readonly path: string | null }
  /** The system cannot watch the source: changes are found only by scans. */
  | { readonly kind: 'source_not_watched'; readonly code: string | null }
  /** The destination has no room for the waiting files. Written again while that lasts. `forMs`: since the first such record. */
  | { readonly kind: 'room_short'; readonly forMs: number; readonly room: RoomShort }
  | { readonly kind: 'room_enough'; readonly forMs: number }
  /**
   * The conditions for which a person was called and which have not ended: no person is called for them again. `since`: when each
   * of them began, wall clock; an earlier version did not write it.
   */
  | {
      readonly kind: 'person_called';
      readonly troubles: readonly RouteTroubleName[];
      readonly since?: Readonly<Partial<Record<RouteTroubleName, number>>>;
    }
  /**
   * A command of the operator ended. `calls`: the number of conditions, finished files or probes that it was run for. `tookMs`:
   * how long it ran; 0 if it was not started.
   */
  | {
      readonly kind: 'hook_ended';
      readonly hook: HookName;
      readonly program: string;
      readonly calls: number;
      readonly tookMs: number;
      readonly end: HookEnd;
    }
  /**
   * The settings of the route from now on, by which `safe` and `verify` judge. Written when an agent starts with other settings
   * than before, or takes over others while it runs. `changed`: the settings that differ; empty for a new route.
   */
  | {
      readonly kind: 'configured';
      readonly settings: RouteSettings;
      readonly changed: readonly (keyof RouteSettings)[];
      /** Who had the settings read again. Absent: an agent started with them. */
      readonly by?: string;
    }
  /** An agent started without the route, or `by` had the settings read again, and the route was not in them. */
  | { readonly kind: 'unconfigured'; readonly by?: string }
  /** Written for the first listing after a start that left something alone, or in which a pattern matched nothing. */
  | ({ readonly kind: 'left_alone' } & Selection);

/** The kinds of route events. */
export type RouteEventKind = RouteEvent['kind'];

/** The purpose for which the newest event of a route is kept. `note`: for the record only. */
export type RouteFactKey = 'marker' | 'hold' | 'first' | 'adopted' | 'source' | 'links' | 'called' | 'settings' | 'note';

/** The key of each kind of route event. */
export const routeFactKeys: Readonly<Record<RouteEventKind, RouteFactKey>> = {
  marker_intended: 'note',
  destination_known: 'marker',
  destination_forgotten: 'marker',
  destination_adopted: 'adopted',
  source_adopted: 'note',
  held: 'hold',
  released: 'hold',
  hold_expired: 'hold',
  rescan_asked: 'note',
  stop_asked: 'note',
  prune_asked: 'note',
  reload_ended: 'note',
  renamed: 'note',
  first: 'first',
  links_refused: 'links',
  parts_to_remove: 'note',
  source_state: 'source',
  source_not_watched: 'note',
  room_short: 'note',
  room_enough: 'note',
  person_called: 'called',
  hook_ended: 'note',
  configured: 'settings',
  unconfigured: 'settings',
  left_alone: 'note',
};

/** A change of a gate. `destination` is the path as configured then. */
export type GateEvent =
  | { readonly kind: 'gate_opened'; readonly destination: string }
  | {
      readonly kind: 'gate_closed';
      readonly destination: string;
      readonly cause: GateCause;
      readonly code: string | null;
      readonly finding: Finding;
    };
