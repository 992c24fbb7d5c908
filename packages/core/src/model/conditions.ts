import type { DiskAmount } from './settings.ts';

/** The conditions of a route for which a person is called. The journal stores these names. */
export const routeTroubleNames = [
  'wrong_disk',
  'destination',
  'read_only',
  'source',
  'room',
  'source_nearly_full',
  'files_need_you',
  'files_lost',
  'removal_failing',
] as const;

/** One of {@linkcode routeTroubleNames}. */
export type RouteTroubleName = (typeof routeTroubleNames)[number];

/** A destination without room for the waiting files: what is free, what stays free, and what waits. */
export interface RoomShort {
  /** The destination has no room at all: less is free than has to stay free, or it refused an empty file. */
  readonly isFull: boolean;
  /** As the destination reports them. Null: it does not. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  /** `space.keep_free`, as it was configured. */
  readonly keepFree: DiskAmount;
  /** Bytes that running copies still have to write. */
  readonly reservedBytes: number;
  /** Number of files that wait for space, and their total size. */
  readonly files: number;
  readonly bytes: number;
  /** Those that are larger than the whole destination minus `keep_free`, and therefore never fit. */
  readonly tooLarge: { readonly files: number; readonly source: string; readonly sizeBytes: number } | null;
}

/** The hooks, named after the settings with their commands. The journal stores these names. */
export type HookName = 'on_attention' | 'on_done' | 'before_probe';

/** How a command of the operator ended. `diagnosis`: the last part of its standard error. */
export type HookEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly diagnosis: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly diagnosis: string }
  /** It ran too long, so it was ended together with everything that it had started. `afterMs`: the deadline. */
  | { readonly kind: 'overdue'; readonly afterMs: number; readonly diagnosis: string }
  | { readonly kind: 'not_started'; readonly why: string };
