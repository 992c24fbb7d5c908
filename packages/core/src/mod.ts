export { assert, ProgrammingError, unreachable } from './assert.ts';
export type { ContentHash, CopyOrder, CopyReport, FileIdentity, Phase, Place, PublishOrder, ReadbackMethod } from './copy.ts';
export type { Effect } from './effect.ts';
export { type Fingerprint, type SourceEntry, type SourceStateName, sameFingerprint } from './entry.ts';
export type { Envelope, Event } from './event.ts';
export { type CallFault, errorKinds, type Side } from './fault.ts';
export {
  type CompletedFile,
  type DiscoveredFile,
  type FailedFile,
  type Hold,
  isEnded,
  isRunning,
  type ReadyFile,
  type RemovedFile,
  type Status,
  statuses,
  type TrackedFile,
  type VerifyingFile,
} from './file.ts';
export {
  type CopyId,
  copyId,
  type FileId,
  fileId,
  type IdSource,
  listingId,
  lookId,
  type ProbeId,
  probeId,
  type RouteName,
  routeName,
  sweepId,
} from './ids.ts';
export { restoreState } from './lifecycle.ts';
export { limits } from './limits.ts';
export type { Journal } from './ports.ts';
export { type DiskSpace, type GateCause, gateCauses, type ProbeResult, type SpaceLevel } from './probe.ts';
export type {
  Detail,
  FileFactRecord,
  GateRecord,
  JournalImage,
  JournalRecord,
  Json,
  RouteFactKey,
  RouteFactRecord,
  TransitionRecord,
} from './record.ts';
export type { RouteState } from './route-state.ts';
export { createSourceDiff } from './scan/diff.ts';
export { idleness } from './scan/quiet.ts';
export type { CoreSettings, DiskAmount, RouteSettings } from './settings.ts';
export { type FileView, holdOf, timeText, viewFile } from './snapshot/file-view.ts';
export { countGroups, type Group, type GroupCounts, groupOf, type Needing } from './snapshot/groups.ts';
export { reasonOf } from './snapshot/reason.ts';
export { type GateView, type RouteView, viewRoute } from './snapshot/route-view.ts';
export { sizeText } from './snapshot/size-text.ts';
export { duration, judge } from './snapshot/verdict.ts';
export type { CoreState } from './state.ts';
export type { Action, FileAction, Operator, RouteAction } from './steer/action.ts';
export { refusal } from './steer/refusal.ts';
export { nextWake, step } from './step.ts';
