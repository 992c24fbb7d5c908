export { assert, ProgrammingError, unreachable } from './assert.ts';
export {
  type ContentHash,
  type CopyNote,
  type CopyOrder,
  type CopyReport,
  type DestinationMount,
  type KeptBecause,
  type Leftover,
  type LeftoverCheck,
  type LeftoverFound,
  type LeftoverOutcome,
  type NotLinked,
  type Phase,
  type PublishOrder,
  type ReadbackMethod,
  type Replacement,
} from './copy.ts';
export type { Finding } from './fault.ts';
export { type CallFault, codeOfReason, type FileError, type OwnCode, type Side } from './fault.ts';
export type { SourceEntry, SourceStateName } from './file.ts';
export {
  type FileOf,
  type Hold,
  isCompleted,
  isCopied,
  isEnded,
  isLost,
  isRunning,
  type RunningFile,
  type Status,
  statuses,
  type TrackedFile,
} from './file.ts';
export {
  type CopyId,
  copyId,
  type FileId,
  type FileIdentity,
  type Fingerprint,
  fileId,
  type IdSource,
  identityText,
  isOtherFile,
  type ProbeId,
  probeId,
  type RemovalId,
  type RouteName,
  removalId,
  routeName,
  sameFingerprint,
} from './ids.ts';
export { type LeftAlone, type LeftAloneRule, nothingLeft, type Selection, type UnmatchedPattern } from './left-alone.ts';
export { limits, markerBytesLimit, patternAlternatives } from './limits.ts';
export { nameOrder } from './name-order.ts';
export { expandBraces, matchesName } from './pattern.ts';
export { type DiskSpace, type GateCause, markerIn, markerName, type ProbeResult, type SpaceLevel } from './probe.ts';
export type { Refusal } from './refusal.ts';
export type { Removal, RemovalOrder, RemovalReport, RemovalStep, RemovalTarget, RemovalWait } from './removal.ts';
export {
  type CoreSettings,
  type DiskAmount,
  type RateRow,
  type RouteSettings,
  type SourcePlace,
  smallLanes,
  type Weekday,
  weekdays,
} from './settings.ts';
export type { HookEnd, HookName } from './trouble.ts';
export { type RoomShort, type RouteTroubleName, routeTroubleNames } from './trouble.ts';
