import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { agentLocations, type ControlClient, connectAgent, type FileJson, NotRunning } from '@sluice/control';
import { viewFile } from '@sluice/core';
import type { RouteSettings, TrackedFile } from '@sluice/core/model';
import { type JournalReader, JournalUnusable, journalTrouble, openReader } from '@sluice/persistence';
import { fileJson } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain } from '../../output.ts';
import { sqliteAddon } from '../../packed/sqlite-addon.ts';
import { around, type WhereOptions } from '../base/options.ts';

/** What answers a query: the running agent, or the journal that it left. */
export type Answering =
  | { readonly client: ControlClient; readonly stateDir: string }
  | { readonly journal: JournalReader; readonly stateDir: string };

/**
 * Asks the agent. If none runs, reads the journal, and says so on standard error.
 * @throws NotRunning if there is no journal either; Refused, TimedOut, JournalUnusable
 */
export async function askWhoAnswers<Answer>(where: WhereOptions, ask: (answering: Answering) => Promise<Answer>): Promise<Answer> {
  const answering = await whoAnswers(where);
  try {
    return await ask(answering);
  } finally {
    if ('client' in answering) answering.client.close();
    else answering.journal.close();
  }
}

async function whoAnswers(where: WhereOptions): Promise<Answering> {
  try {
    const client = await connectAgent({ ...where, around: around() }, limits.agentAnswerMs);
    return { client, stateDir: client.stateDir };
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    const stateDir = stateDirWithJournal(where);
    if (stateDir === null) throw error;
    complain(`no agent is running on ${stateDir}: this answer comes from its journal`);
    return { journal: openJournalOf(stateDir), stateDir };
  }
}

/**
 * Returns the state folder whose journal a command reads itself, and reports on standard error if no agent runs on it.
 *
 * @throws NotRunning if there is no journal
 */
export async function stateDirOf(where: WhereOptions): Promise<string> {
  const answering = await whoAnswers(where);
  if ('client' in answering) answering.client.close();
  else answering.journal.close();
  return answering.stateDir;
}

/** Reads the journal of a state folder, even while an agent uses it. @throws JournalUnusable */
export function withJournal<Answer>(stateDir: string, ask: (journal: JournalReader) => Answer): Answer {
  const journal = openJournalOf(stateDir);
  try {
    return ask(journal);
  } finally {
    journal.close();
  }
}

/** Returns why no agent of this version could start on the journal of a state folder. Null: no reason is known. */
export function whyNoneCanStart(stateDir: string): string | null {
  return journalTrouble(journalIn(stateDir))?.operator ?? null;
}

/**
 * Returns the marker by which the agent of this state folder knows the destination of a route. Null: it has not used the
 * destination, or this user cannot read its journal.
 */
export function markerKnownOn(stateDir: string): (route: Pick<RouteSettings, 'name' | 'destination'>) => string | null {
  const facts = factsOn(stateDir);
  return ({ name, destination }) => {
    const known = facts.flatMap(({ route, event }) =>
      route === name && event.kind === 'destination_known' && event.destination === destination ? [event] : [],
    );
    return known.at(-1)?.marker ?? null;
  };
}

function factsOn(stateDir: string): ReturnType<JournalReader['routeFacts']> {
  if (!existsSync(journalIn(stateDir))) return [];
  try {
    return withJournal(stateDir, (journal) => journal.routeFacts());
  } catch (error) {
    if (error instanceof JournalUnusable) return [];
    throw error;
  }
}

function openJournalOf(stateDir: string): JournalReader {
  return openReader({ path: journalIn(stateDir), nativeBinding: sqliteAddon(stateDir) });
}

function journalIn(stateDir: string): string {
  return join(stateDir, 'journal.db');
}

/** @returns the first state folder that has a journal */
export function stateDirWithJournal(where: WhereOptions): string | null {
  const locations = agentLocations({ ...where, around: around() });
  return locations.find(({ stateDir }) => existsSync(journalIn(stateDir)))?.stateDir ?? null;
}

/** Returns a tracked file as the journal has it. */
export function journalFile(journal: Pick<JournalReader, 'lastGate'>, file: TrackedFile): FileJson {
  return fileJson(viewFile(file, journal.lastGate(file.route)?.state === 'open'));
}
