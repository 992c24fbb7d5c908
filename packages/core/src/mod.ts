export type { Action, Operator } from './messages/action.ts';
export type { Condition, Effect } from './messages/effect.ts';
export type { Envelope, Event } from './messages/event.ts';
export type { FileEvent } from './messages/file-event.ts';
export type { Journal } from './messages/ports.ts';
export type { JournalImage, JournalRecord } from './messages/record.ts';
export { type GateEvent, type RouteEvent, routeFactKeys } from './messages/route-event.ts';
export { assert, ProgrammingError, unreachable } from './model/assert.ts';
export type {
  ContentHash,
  CopyNote,
  CopyOrder,
  CopyReport,
  DestinationMount,
  FileIdentity,
  Phase,
  PublishOrder,
  ReadbackMethod,
} from './model/copy.ts';
export { type CallFault, codeOfReason, type FileError, type Side } from './model/fault.ts';
export type { SourceEntry, SourceStateName } from './model/file.ts';
export { type FileOf, type Hold, isEnded, isRunning, type RunningFile, type Status, statuses, type TrackedFile } from './model/file.ts';
export type { Finding } from './model/finding.ts';
export {
  type CopyId,
  copyId,
  type FileId,
  type Fingerprint,
  fileId,
  type IdSource,
  type ProbeId,
  probeId,
  type RouteName,
  routeName,
  sameFingerprint,
} from './model/ids.ts';
export { limits } from './model/limits.ts';
export { type DiskSpace, type GateCause, markerName, type ProbeResult, type SpaceLevel } from './model/probe.ts';
export type { Refusal } from './model/refusal.ts';
export type { CoreSettings, DiskAmount, RouteSettings } from './model/settings.ts';
export { createSourceDiff } from './scan/diff.ts';
export { idleness } from './scan/quiet.ts';
export { type FileView, holdOf, timeText, viewFile } from './snapshot/file-view.ts';
export { countGroups, type Group, type GroupCounts, groupOf, type Needing } from './snapshot/groups.ts';
export { type GateView, type RouteView, viewGate, viewRoute } from './snapshot/route-view.ts';
export type { RouteState } from './state/route-state.ts';
export type { CoreState } from './state/state.ts';
export { refusal } from './steer/refusal.ts';
export { restoreState } from './step/lifecycle.ts';
export { nextWake, step } from './step/step.ts';
