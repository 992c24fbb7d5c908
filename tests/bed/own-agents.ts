import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';

const ofFile = new Set<ChildProcess>();
const ofStory = new AsyncLocalStorage<Set<ChildProcess>>();

/** Returns the agents that run: those of the present story, or those of the file. */
export function runningAgents(): Set<ChildProcess> {
  return ofStory.getStore() ?? ofFile;
}

/** Runs a story whose agents are separate from those of the stories next to it. */
export function withOwnAgents(story: () => Promise<void>): Promise<void> {
  return ofStory.run(new Set(), story);
}
