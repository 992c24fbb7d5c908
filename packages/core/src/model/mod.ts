export { assert, ProgrammingError, unreachable } from './assert.ts';
export type { HookEnd, HookName } from './conditions.ts';
export { type RoomShort, type RouteTroubleName } from './conditions.ts';
export {
  type ContentHash,
  type CopyNote,
  type CopyOrder,
  type CopyReport,
  type DestinationMount,
  type KeptBecause,
  type LeftoverCheck,
  type LeftoverFound,
  type LeftoverOutcome,
  type PublishOrder,
  type ReadbackMethod,
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
  identityText,
  isOtherFile,
  probeId,
  type RouteName,
  routeName,
  sameFingerprint,
} from './ids.ts';
export { type LeftAlone, type LeftAloneRule, type Selection, type UnmatchedPattern } from './left-alone.ts';
export { limits } from './limits.ts';
export { nameOrder } from './name-order.ts';
export { type DiskSpace, type GateCause, type ProbeResult } from './probe.ts';
export type { Refusal } from './refusal.ts';
export type { RemovalOrder, RemovalReport } from './removal.ts';
export {
  type CoreSettings,
  type DiskAmount,
  type RouteSettings,
  smallLanes,
  weekdays,
} from './settings.ts';
