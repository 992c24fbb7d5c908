export { type AgentLock, acquireAgentLock } from './agent.ts';
export { StateFolderMoved } from './error.ts';
export { agentLockPath } from './facts.ts';
export { agentFactsOf } from './group-facts.ts';
export { claimRoute } from './route.ts';
export { foreignAmong, foreignIn } from './state-entries.ts';
export { prepareStateFolder } from './state-folder.ts';
