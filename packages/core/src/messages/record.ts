import type { Status, TrackedFile } from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import type { FileEvent } from './file-event.ts';
import type { GateEvent, RouteEvent, RouteFactKey } from './route-event.ts';

interface RecordCommon {
  /** Numbered without gaps within one agent. */
  readonly seq: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
}

/** A tracked file entered a state; the file as it is after it. */
export interface TransitionRecord extends RecordCommon {
  readonly kind: 'transition';
  readonly event: FileEvent;
  readonly from: Status | null;
  readonly to: Status;
  readonly file: TrackedFile;
}

/** Something about a tracked file that is no change of state: an intent, an outcome, a new name. */
export interface FileFactRecord extends RecordCommon {
  readonly kind: 'file_fact';
  readonly event: FileEvent;
  readonly file: TrackedFile;
}

/** Something about a route: its marker, an operator's hold, a sweep. The newest per (route, key) counts. */
export interface RouteFactRecord extends RecordCommon {
  readonly kind: 'route_fact';
  readonly route: RouteName;
  readonly key: RouteFactKey;
  readonly event: RouteEvent;
}

/** A gate opened, closed, or changed its cause. */
export interface GateRecord extends RecordCommon {
  readonly kind: 'gate';
  readonly route: RouteName;
  readonly event: GateEvent;
}

export type JournalRecord = TransitionRecord | FileFactRecord | RouteFactRecord | GateRecord;

/** What a journal gives back at start-up. */
export interface JournalImage {
  readonly nextSeq: number;
  /** All live files, and for each (route, source path) the newest ended one, but for those that are left to the journal. */
  readonly files: readonly TrackedFile[];
  /** The newest of each (route, key). */
  readonly routeFacts: readonly RouteFactRecord[];
  /** Names at the destination of FAILED files that left something there. For those of copied files the journal is asked. */
  readonly usedNames: readonly { readonly route: RouteName; readonly destination: string; readonly fileId: FileId }[];
}
