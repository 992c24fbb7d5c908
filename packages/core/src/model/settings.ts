import type { RouteName } from './ids.ts';
import { limits } from './limits.ts';

/** An amount of disk space: bytes, or a share of the disk (0 to 1). */
export type DiskAmount = { readonly bytes: number } | { readonly share: number };

/** The days of the week, as the settings name them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** A day of the week. */
export type Weekday = (typeof weekdays)[number];

/** The limit of bytes per second for a time of the day, by the local clock. */
export interface RateRow {
  /** Minutes since midnight, 0 to 1439. */
  readonly fromMinute: number;
  /** Minutes since midnight, 1 to 1440. If it is smaller than `fromMinute`, the row ends on the next day. */
  readonly toMinute: number;
  /** The days on which the row begins. */
  readonly days: readonly Weekday[];
  /** Null: no limit. */
  readonly bytesPerSecond: number | null;
}

/** One route, resolved: absolute paths, milliseconds, bytes. */
export interface RouteSettings {
  readonly name: RouteName;
  readonly source: string;
  readonly destination: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly stableAfterMs: number;
  readonly stuckAfterMs: number;
  readonly scanEveryMs: number;
  /** The average share of one processor core that scanning may use: above 0, at most 1. */
  readonly scanShare: number;
  readonly verify: 'readback' | 'size';
  /** Permission bits of copies. Null: those of the source. */
  readonly destinationMode: { readonly file: number; readonly folder: number } | null;
  /** The limit where no row of `rates` applies. Null: none. */
  readonly maxRateBytesPerSecond: number | null;
  /** Limits for times of the day. The first row that applies counts. */
  readonly rates: readonly RateRow[];
  readonly stallAfterMs: number;
  readonly stallMaxMs: number;
  readonly maxAttempts: number;
  readonly guard: 'marker' | 'none';
  readonly afterCopy: 'keep' | 'delete' | 'archive';
  readonly afterCopyWaitMs: number;
  readonly afterCopyProof: 'direct' | 'weak';
  readonly archiveDir: string | null;
  /** Whether a removal at the source also removes the folders that become empty. */
  readonly removeEmptyDirs: boolean;
  /** A command that may make the destination available, run before it is probed while it is offline. Empty: none. */
  readonly beforeProbe: readonly string[];
  /** A person is called if the source has less free space than this. */
  readonly sourceWarnBelow: DiskAmount;
  /** What happens when a copied file is renamed at the source: it is copied again, or its copy gets the new name too. */
  readonly onRename: 'copy' | 'link';
  readonly growing: GrowingSettings;
  readonly recovery: RecoverySettings;
  readonly space: SpaceSettings;
  readonly probe: ProbeSettings;
}

/** The settings of growing copies. */
export interface GrowingSettings {
  readonly enabled: boolean;
  readonly include: readonly string[];
  readonly visible: boolean;
  readonly minSizeBytes: number;
  readonly safetyMarginBytes: number;
  readonly pollMs: number;
  readonly quietForMs: number;
}

/** The settings of recovery. */
export interface RecoverySettings {
  readonly rename: 'always' | 'when_taken';
  /** Contains `{n}` once. */
  readonly suffix: string;
  readonly leftover: 'keep' | 'mark';
  readonly maxVisible: number;
}

/** The settings of free space. */
export interface SpaceSettings {
  readonly keepFree: DiskAmount;
  readonly warnBelow: DiskAmount;
  readonly retryEveryMs: number;
}

/** The settings of probes. */
export interface ProbeSettings {
  readonly openMs: number;
  readonly closedMs: number;
  readonly deadlineMs: number;
  readonly settleMs: number;
}

/** The identity of a folder, in one form. `key` and `path` have `/` between their parts, and the same number of parts. */
export interface SourcePlace {
  /** Equal for all spellings of the same folder. */
  readonly key: string;
  /** The path with the spelling of its names. */
  readonly path: string;
}

/** The settings of the agent that core uses. */
export interface CoreSettings {
  /** First eight hex digits of the agent's own UUID; names its probe file. */
  readonly agentId: string;
  readonly lanes: number;
  readonly growingLanes: number;
  /** Files up to this size have separate lanes. 0: no file has. */
  readonly smallSizeBytes: number;
  /** How long a condition has to stop the work of a route before a person is called, milliseconds. */
  readonly attentionAfterMs: number;
  /** Files to which one step applies a full listing, or whose alarms ring in it. Absent: `limits.settledAtOnce`. */
  readonly settledAtOnce?: number;
  readonly routes: readonly RouteSettings[];
  /** The identities of each source folder. Absent: its path. */
  readonly sourcePlaces?: ReadonlyMap<RouteName, readonly SourcePlace[]>;
}

/** Returns to how many files one step applies a full listing, and how many alarms ring in it. */
export function settledAtOnce({ settledAtOnce: most = limits.settledAtOnce }: Pick<CoreSettings, 'settledAtOnce'>): number {
  return most;
}

/** Returns how many small copies may run at once, next to the others. With one lane, small files have no separate lanes. */
export function smallLanes({ lanes, smallSizeBytes }: Pick<CoreSettings, 'lanes' | 'smallSizeBytes'>): number {
  return lanes === 1 || smallSizeBytes === 0 ? 0 : Math.min(lanes * limits.smallPerLane, limits.smallLanes);
}
