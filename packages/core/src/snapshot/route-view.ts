import type { Renaming } from '../messages/route-event.ts';
import type { RoomShort } from '../model/conditions.ts';
import type { Finding } from '../model/fault.ts';
import { isRunning, type Status, statuses } from '../model/file.ts';
import type { Selection } from '../model/left-alone.ts';
import type { GateCause, SpaceLevel } from '../model/probe.ts';
import { restMs } from '../policy/growth.ts';
import { fullInMs } from '../policy/space.ts';
import { roomShort } from '../state/space-shortage.ts';
import type { CoreState, RouteState } from '../state/state.ts';
import { type ConditionView, viewConditions } from './condition-view.ts';
import { timeText } from './file-view.ts';
import { countGroups, type GroupCounts, type Needing } from './groups.ts';
import { type RemovalsView, viewRemovals } from './removal-view.ts';

/** A gate as it is shown. Scripts and screens get it with its texts (`gateJson` in `words`). */
export interface GateView {
  /** `open`: the destination is online. `closed`: it is not, and nothing is copied to it. */
  readonly state: 'open' | 'closed';
  /** When the state began. */
  readonly since: string;
  /** Why the destination is not online. Null if it is. */
  readonly cause: GateCause | null;
  /** Error code behind the cause, such as `EIO`. Null: there was none. */
  readonly code: string | null;
  readonly destination: string;
  readonly finding: Finding;
}

/** A file or folder of a source that cannot be read. */
export interface UnreadPath {
  /** Path of the file or folder, relative to the source folder. */
  readonly path: string;
  /** Error code, such as `EACCES`. Null: there was none. */
  readonly code: string | null;
}

/** The operator's command `before_probe` that runs. */
export interface RunningBeforeProbe {
  /** The program, as it was configured. */
  readonly program: string;
  /** When it was started. */
  readonly since: string;
  /** The first probe waits until it has ended, because the destination is not known. Otherwise a probe waits for 10 s at most. */
  readonly isAwaited: boolean;
}

/** A route as scripts see it. `counts` has the files that core holds; the journal counts the ended ones. */
export interface RouteView extends GroupCounts {
  readonly name: string;
  readonly source: string;
  readonly sourceDescription: string | null;
  readonly destination: string;
  readonly destinationDescription: string | null;
  readonly sourceState: {
    readonly state: string;
    readonly since: string;
    readonly lastListingAt: string | null;
    readonly listedFiles?: number;
    readonly freeBytes: number | null;
    readonly fullInMs: number | null;
  };
  /** The first path in the source that cannot be read. Null: everything can be read, or the source itself cannot. */
  readonly unread: UnreadPath | null;
  /** The error code with which the system refused to watch the source, so that scans alone find new files. Null: it is watched. */
  readonly notWatched: string | null;
  /** What the last complete listing of the source left alone. */
  readonly selection: Selection;
  readonly gate: GateView;
  /** The command `before_probe` that runs. Null: none does, or the destination is online. */
  readonly beforeProbe: RunningBeforeProbe | null;
  readonly space: { readonly totalBytes: number | null; readonly freeBytes: number | null; readonly level: SpaceLevel };
  /** What is missing for the files that wait for space. Null: there is enough room for them. */
  readonly roomShort: RoomShort | null;
  readonly counts: Readonly<Record<Status, number>>;
  /** The source path of one file that needs a person. Null: none does. */
  readonly needing: string | null;
  /** Number of files that vanished at the source before they were copied, and the newest of them. */
  readonly lost: { readonly count: number; readonly source: string } | null;
  /** Files whose writer paused for longer than `stable_after` several times, and the newest of them. Null: none. */
  readonly pausing: PausingFiles | null;
  /** What was renamed at the source in the last day, since the agent started. Null: nothing. */
  readonly renamed: RenamedFiles | null;
  /** The removals at the source. Null: there are none. */
  readonly removals: RemovalsView | null;
  /** The conditions that need a person. */
  readonly conditions: readonly ConditionView[];
  readonly bytesPerSecond: number;
  readonly hold: { readonly by: string; readonly since: string; readonly until: string | null; readonly reason: string } | null;
}

/** Files whose writer pauses for longer than `stable_after`, so that they were copied before they were complete. One of them is described. */
export interface PausingFiles {
  /** Number of such files. */
  readonly count: number;
  /** Source path of the newest of them. */
  readonly source: string;
  /** How many times in a row its writer went on writing after it was copied. */
  readonly times: number;
  /** The setting `stable_after`. */
  readonly stableAfterMs: number;
  /** How long this file now has to be unchanged before it is copied. */
  readonly restMs: number;
}

/** The latest renaming, and the number of files that were renamed in all. */
export interface RenamedFiles {
  /** What was renamed last. */
  readonly latest: Renaming;
  /** Number of files that were renamed. */
  readonly count: number;
}

/** Returns the gate of a route as it is shown. */
export function viewGate(route: RouteState): GateView {
  const { state, since, cause, code, finding } = route.gate;
  return { state, since: timeText(since), cause, code, destination: route.settings.destination, finding };
}

function viewBeforeProbe({ gate, settings }: RouteState): RunningBeforeProbe | null {
  const { program, askedWall, isRunning } = gate.preparing;
  // No probe waits for a command that a reload has taken out of the settings.
  if (!isRunning || gate.state === 'open' || settings.beforeProbe.length === 0) return null;
  return { program, since: timeText(askedWall), isAwaited: gate.marker === null };
}

/** Returns a route as it is shown. @param needing the counts of files that need a person, if the caller has them already */
export function viewRoute(state: CoreState, route: RouteState, needing: Needing = countNeeding(state, route)): RouteView {
  const { settings, source, space } = route;
  const counts = Object.fromEntries(statuses.map((status) => [status, route.byStatus[status].size])) as Record<Status, number>;
  return {
    name: settings.name,
    source: settings.source,
    sourceDescription: source.description,
    destination: settings.destination,
    destinationDescription: route.gate.description,
    sourceState: {
      state: source.state === 'unknown' ? 'ok' : source.state,
      since: timeText(source.since),
      lastListingAt: source.lastListingAt === null ? null : timeText(source.lastListingAt),
      ...(source.listedFiles === null ? {} : { listedFiles: source.listedFiles }),
      freeBytes: source.freeBytes,
      fullInMs: route.gate.state === 'open' ? null : fullInMs(source.filling),
    },
    unread: source.unreadPath === null ? null : { path: source.unreadPath, code: source.code },
    notWatched: source.state === 'ok' && source.unreadPath === null ? source.code : null,
    selection: source.selection,
    gate: viewGate(route),
    beforeProbe: viewBeforeProbe(route),
    space: { ...space.disk, level: space.level },
    roomShort: roomShort(state, route),
    counts,
    ...countGroups(counts, needing),
    needing: needing.example ?? null,
    lost: viewLost(state, route),
    pausing: viewPausing(state, route),
    renamed: route.renamed === null ? null : { latest: route.renamed.latest, count: route.renamed.files },
    removals: viewRemovals(state, route),
    conditions: viewConditions(state, route),
    bytesPerSecond: rateOf(state, route),
    hold:
      route.hold === null
        ? null
        : {
            by: route.hold.by,
            since: timeText(route.hold.since),
            until: route.hold.until === null ? null : timeText(route.hold.until),
            reason: route.hold.reason,
          },
  };
}

function viewLost(state: CoreState, route: RouteState): RouteView['lost'] {
  const id = [...route.lost].at(-1);
  const newest = id === undefined ? undefined : state.files.get(id);
  return newest === undefined ? null : { count: route.lost.size, source: newest.source };
}

function viewPausing(state: CoreState, { pausing, settings }: RouteState): PausingFiles | null {
  const id = [...pausing].at(-1);
  const file = id === undefined ? undefined : state.files.get(id);
  if (file === undefined) return null;
  const { source, pauses = 0 } = file;
  return { count: pausing.size, source, times: pauses, stableAfterMs: settings.stableAfterMs, restMs: restMs(settings, pauses) };
}

/** Visits only the files that need a person and those that are still being written: a million others may wait. */
function countNeeding({ files }: CoreState, { needing, readyGrowing }: RouteState): Needing {
  let stuck = 0;
  let example: string | null = null;
  let stuckExample: string | null = null;
  for (const id of needing) {
    const file = files.get(id);
    if (file?.status !== 'GROWING') example ??= file?.source ?? null;
    else {
      stuck += 1;
      stuckExample ??= file.source;
    }
  }
  let written = 0;
  for (const id of readyGrowing) if (!needing.has(id)) written += 1;
  return { needsYou: needing.size, stuck, written, example: example ?? stuckExample };
}

function rateOf(state: CoreState, route: RouteState): number {
  let bytesPerSecond = 0;
  for (const status of ['COPYING', 'GROWING_COPY'] as const) {
    for (const id of route.byStatus[status]) {
      const file = state.files.get(id);
      if (file !== undefined && isRunning(file)) bytesPerSecond += file.bytesPerSecond;
    }
  }
  return bytesPerSecond;
}
