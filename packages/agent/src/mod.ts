export { createLoop, type Loop } from './loop.ts';
export type * from './ports.ts';

export * from './config/mod.ts';
export * from './control/mod.ts';
export { type AgentLock, type AgentLockInput, acquireAgentLock, agentLockPath } from './lock.ts';
export { AlreadyRunning, RouteTaken, StateFolderError } from './lock-error.ts';
export { type AgentFacts, readAgentFacts } from './lock-facts.ts';
export { claimRoute, type RouteLock, type RouteLockInput } from './lock-route.ts';
export { createLog, type Log, type LogFields, type LogOptions } from './log.ts';
export { clean, cleanJson } from './log-clean.ts';
export { createLogFile, type LogFile, type LogFileOptions } from './log-file.ts';
export { type LineOutput, type LineOutputOptions, lineOutput } from './log-output.ts';
export { askProbe, askSurvey, type Unanswered } from './children/ask.ts';
export { runChildKind } from './children/entries.ts';
export { type Agent, type AgentEnd, type AgentOptions, startAgent } from './compose.ts';
export type { Note } from './serve/notes.ts';
export { outageJson, timelineJson } from './serve/views.ts';
export { selfCommand } from '@sluice/child';
