import { join } from 'node:path';
import { type ControlClient, connectControl, type FileJson, NotRunning, type StatusJson } from '@sluice/control';
import { viewFile } from '@sluice/core';
import { openReader } from '@sluice/persistence';
import { fileJson } from '@sluice/words';

const filesLimit = 5_000;

/** Asks the agent directly, because a program for each question would take most of a test's time. @returns null if no agent runs */
async function ask<Answer>(stateDir: string, question: (client: ControlClient) => Promise<Answer>): Promise<Answer | null> {
  try {
    const client = await connectControl({ stateDir, deadlineMs: 5_000 });
    const answer = await question(client);
    client.close();
    return answer;
  } catch (error) {
    if (error instanceof NotRunning) return null;
    throw error;
  }
}

/** Returns the pid of the agent on a state folder, or null. */
export function pidOn(stateDir: string): Promise<number | null> {
  return ask(stateDir, (client) => Promise.resolve(client.hello.pid));
}

/** Returns the reply to `status`, or null if no agent runs. */
export function statusOn(stateDir: string): Promise<StatusJson | null> {
  return ask(stateDir, (client) => client.request('status', {}));
}

/** Returns all tracked files, newest first. */
export async function filesOn(stateDir: string): Promise<readonly FileJson[]> {
  const reply = await ask(stateDir, (client) => client.request('files', { all: true, limit: filesLimit }));
  return reply?.files ?? [];
}

/** Returns all tracked files in a journal without an agent, newest first. */
export function journaled(stateDir: string): readonly FileJson[] {
  const journal = openReader({ path: join(stateDir, 'journal.db') });
  try {
    const files = journal.files({ endedSince: null, limit: filesLimit }).files;
    return files.map((file) => fileJson(viewFile(file, journal.lastGate(file.route)?.state === 'open')));
  } finally {
    journal.close();
  }
}
