export { type ConnectOptions, type ControlClient, connectControl, type RequestOptions } from './client.ts';
export type { ControlHandlers } from './client-session.ts';
export { ControlError, type ControlErrorKind, Disconnected, NotRunning, Refused, TimedOut } from './errors.ts';
export { type AgentPlace, agentPlaces, connectAgent, type WhichAgent } from './find-agent.ts';
export { groupIdOf, userNameOf } from './group.ts';
export { type ControlLimits, controlLimits, rowsPerReply } from './limits.ts';
export { type Method, type Notes, type ParamsOf, type ReadParamsOf, type Replies, type Topic, topics, type Who } from './protocol.ts';
export type * from './replies.ts';
export type {
  ScreenDelta,
  ScreenFrame,
  ScreenRoute,
  ScreenRow,
  ScreenSort,
  ScreenTab,
  ScreenTotals,
  ScreenWindow,
} from './screen-frame.ts';
export { screenSorts, screenTabs } from './screen-frame.ts';
export { type ControlServer, type ControlServerOptions, createControlServer } from './server.ts';
