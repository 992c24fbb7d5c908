import type { Status, TrackedFile } from '../model/file.ts';
import type { FileId, RouteName } from '../model/ids.ts';
import type { FileEvent } from './file-event.ts';
import type { GateEvent, RouteEvent, RouteFactKey } from './route-event.ts';

interface RecordCommon {
  /** Numbers have no gaps within one journal. */
  readonly seq: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
}

/** A tracked file entered a state. `file` is the file after it. */
export interface TransitionRecord extends RecordCommon {
  readonly kind: 'transition';
  readonly event: FileEvent;
  readonly from: Status | null;
  readonly to: Status;
  readonly file: TrackedFile;
}

/** A fact about a tracked file that does not change its state: an intent, an outcome, a new name. */
export interface FileFactRecord extends RecordCommon {
  readonly kind: 'file_fact';
  readonly event: FileEvent;
  readonly file: TrackedFile;
}

/** A fact about a route: its marker, an operator's hold, a sweep. The newest for each (route, key) counts. */
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

/** A record that is written to the journal. */
export type JournalRecord = TransitionRecord | FileFactRecord | RouteFactRecord | GateRecord;

/** What a start reads from a journal. */
export interface JournalImage {
  readonly nextSeq: number;
  /** All live files, and the newest ended file of each (route, source path), without those that are left to the journal. */
  readonly files: readonly TrackedFile[];
  /** The newest fact for each (route, key). */
  readonly routeFacts: readonly RouteFactRecord[];
  /** Destination names of FAILED files that left something there. Names of copied files are queried from the journal. */
  readonly usedNames: readonly { readonly route: RouteName; readonly destination: string; readonly fileId: FileId }[];
  /** The outages that had not ended. `since`: wall clock, milliseconds since the epoch. Absent: there were none. */
  readonly outages?: readonly { readonly route: RouteName; readonly destination: string; readonly since: number }[];
}
