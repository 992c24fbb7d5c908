import type { DestinationMount } from './copy.ts';
import type { Finding } from './fault.ts';

/** Why a gate is closed. */
export type GateCause = 'unknown' | 'timeout' | 'unreachable' | 'not_the_destination' | 'read_only' | 'denied' | 'hung';

/** All causes for which a gate is closed. */
export const gateCauses = [
  'unknown',
  'timeout',
  'unreachable',
  'not_the_destination',
  'read_only',
  'denied',
  'hung',
] as const satisfies readonly GateCause[];

/** The level of free space at a destination. */
export type SpaceLevel = 'ok' | 'warn' | 'full' | 'unknown';

/** The room of a filesystem. */
export interface DiskSpace {
  /** Size of the filesystem. Null: it does not report its size. */
  readonly totalBytes: number | null;
  /** Bytes that the agent's user may still write (available, not free, blocks). Null: the filesystem does not report it. */
  readonly freeBytes: number | null;
}

/** The result of a probe. */
export type ProbeResult =
  | {
      readonly kind: 'good';
      readonly mount: DestinationMount;
      readonly space: DiskSpace;
      /** Creating the empty probe file failed with ENOSPC or EDQUOT: reachable, but full. */
      readonly isFull: boolean;
      /** A description of the path: `(nfs4 nas01:/ingest)`, `(LOCAL DISK, same as system)`. */
      readonly description: string;
      /** UUID in the marker file; null under `guard = "none"`. */
      readonly marker: string | null;
    }
  /** The destination answers and has no marker, and none was known before. One may be written after its intent is journaled. */
  | { readonly kind: 'unmarked'; readonly mount: DestinationMount; readonly description: string }
  | {
      readonly kind: 'bad';
      readonly cause: GateCause;
      readonly code: string;
      readonly finding: Finding;
      readonly description: string | null;
    };
