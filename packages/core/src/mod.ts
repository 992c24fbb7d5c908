export { checkOf, type LeftoverOf, leftoversAt } from './leftover-removal.ts';
export type { Action, Operator } from './messages/action.ts';
export type { AgentCondition, Condition, Effect, RouteCondition } from './messages/effect.ts';
export { type Envelope, type Event, isReport } from './messages/event.ts';
export type { FileEvent } from './messages/file-event.ts';
export type { EndedFiles, Journal, LeftFile, LeftFingerprint, LeftPath } from './messages/ports.ts';
export type { JournalImage, JournalRecord } from './messages/record.ts';
export { type GateEvent, type Renaming, type RouteEvent, routeFactKeys } from './messages/route-event.ts';
export { isBeingRemoved } from './model/file.ts';
export { refusal } from './operator/refusal.ts';
export { keptByJournal } from './policy/leftovers.ts';
export { rateAt, rateChangeAfter } from './policy/rates.ts';
export { amountBytes } from './policy/space.ts';
export { onOtherDisk } from './removal/other-disk.ts';
export { createSourceDiff } from './scan/diff.ts';
export { idleness, isConfirmed } from './scan/idle.ts';
export type { ConditionView } from './snapshot/condition-view.ts';
export { type FileView, holdOf, timeText, viewFile } from './snapshot/file-view.ts';
export { countGroups, type Group, type GroupCounts, groupOf, type Needing } from './snapshot/groups.ts';
export { type FailedRemovals, type RemovalsView, viewRemovals } from './snapshot/removal-view.ts';
export {
  type GateView,
  type PausingFiles,
  type RenamedFiles,
  type RouteView,
  type RunningBeforeProbe,
  viewRoute,
} from './snapshot/route-view.ts';
export type { RouteState } from './state/route-state.ts';
export { type CoreState, isHeldAtStart, isLeftToJournal, leaveToJournal, newestOf } from './state/state.ts';
export { restoreState } from './step/lifecycle.ts';
export { nextWake, step } from './step/step.ts';
