export { type AgentLock, acquireAgentLock, agentLockPath } from './agent.ts';
export { StateFolderMoved } from './error.ts';
export { readAgentFacts } from './facts.ts';
export { claimRoute } from './route.ts';
export { prepareStateFolder } from './state-folder.ts';
