import type { RouteName } from './ids.ts';
import { limits } from './limits.ts';

/** A size of a disk: bytes, or a share of the whole (0 to 1). */
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
  /** Of one processor core, what scanning may take on average: above 0, at most 1. */
  readonly scanShare: number;
  readonly verify: 'readback' | 'size';
  /** Permission bits for what is copied, or null for the source's. */
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
  /** A copied file gets another name at the source: it is copied again, or its copy gets the new name too. */
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
  /** Holds `{n}` once. */
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

/** What core needs to know of the agent's configuration. */
export interface CoreSettings {
  /** First eight hex digits of the agent's own UUID; names its probe file. */
  readonly agentId: string;
  readonly lanes: number;
  readonly growingLanes: number;
  /** Files up to this size have separate lanes; 0: none has. */
  readonly smallSizeBytes: number;
  /** How long something stops the work of a route before a person is called. */
  readonly attentionAfterMs: number;
  readonly routes: readonly RouteSettings[];
}

/** Returns how many small copies run at once, next to the others. Where copies run one at a time, small ones are like any other. */
export function smallLanes({ lanes, smallSizeBytes }: Pick<CoreSettings, 'lanes' | 'smallSizeBytes'>): number {
  return lanes === 1 || smallSizeBytes === 0 ? 0 : Math.min(lanes * limits.smallPerLane, limits.smallLanes);
}
