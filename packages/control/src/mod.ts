export { askAgent } from './client/ask.ts';
export { type ControlClient, connectControl, type RequestOptions } from './client/client.ts';
export { agentLocations, connectAgent } from './client/find-agent.ts';
export { applyDelta, deltaBetween } from './protocol/delta.ts';
export { ControlError, Disconnected, NotRunning, Refused, TimedOut } from './protocol/errors.ts';
export { controlLimits, notesPerReply, recordsPerReply } from './protocol/limits.ts';
export type { ReloadReply } from './protocol/method-replies.ts';
export type { Method, ParamsOf, Replies, Who } from './protocol/protocol.ts';
export type { ClearJson, KeptFile, LeftoverJson } from './protocol/removal-replies.ts';
export type {
  AgentJson,
  ConditionJson,
  ConditionKind,
  EvidenceJson,
  FileJson,
  FileOutcome,
  GateJson,
  GateNote,
  HelloJson,
  LogNote,
  OutageJson,
  RefusedReload,
  RouteJson,
  RouteOutcome,
  StatusJson,
  StatusReply,
  TimelineJson,
  TransitionNote,
} from './protocol/replies.ts';
export type { ScreenDelta, ScreenFrame, ScreenRoute, ScreenRow, ScreenWindow } from './protocol/screen-frame.ts';
export type { Asker, ControlHandlers, ScreenOutlet, Screens, ScreenWatcher } from './server/client-session.ts';
export { type ControlServer, createControlServer } from './server/server.ts';
