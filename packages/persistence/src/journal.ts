import { randomUUID } from 'node:crypto';
import type { EndedFiles, Journal, JournalRecord } from '@sluice/core';
import type { Machine } from '@sluice/platform';
import type Database from 'better-sqlite3';
import { type OpenOptions, openForWriting } from './open/open.ts';
import { type Pruned, type PruneRequest, prepareDoubt, prepareToPrune } from './prune.ts';
import { LeftFiles } from './queries/ended-files.ts';
import { type AgentColumns, agentChecksum, type ChildColumns, childChecksum } from './rows/checksum.ts';
import { assertAgent, assertChild } from './rows/codec.ts';
import { loadImage } from './rows/image.ts';
import { damaged, guarded } from './unusable.ts';
import { prepareWriter } from './writer.ts';

/** The identity of a child process among all processes that ever ran. */
export interface ChildIdentity {
  readonly pid: number;
  readonly bootId: string;
  readonly startTime: string;
  readonly kind: string;
}

/** The journal of a running agent. */
export interface WritableJournal extends Journal {
  /** The UUID of the agent of this state folder. */
  readonly agentId: string;
  /** Returns the machine that the state folder was last used on. Null: none is recorded. */
  machine(): Machine | null;
  noteMachine(machine: Machine): void;
  readonly database: Database.Database;
  /** False: the journal was too large to be read completely when it was opened. `checkJournal` reads it. */
  readonly isChecked: boolean;
  /** The files that `load` does not return. */
  readonly ended: EndedFiles;
  /** Returns the wall clock of the newest entry in milliseconds since the epoch, or null if there is none. */
  newestAt(): number | null;
  /**
   * Returns how much of the time before a moment may come from a wrong clock, in milliseconds. If no file ended for very long,
   * either no agent ran or the clock jumped, and the journal cannot show which. Files that ended before such a time count as
   * younger by it.
   */
  doubtedMs(until: number): number;
  noteChild(child: ChildIdentity, at: number): void;
  forgetChild(child: Pick<ChildIdentity, 'pid' | 'bootId' | 'startTime'>): void;
  /** Returns the children of earlier runs that were never recorded as ended. */
  earlierChildren(): ChildIdentity[];
  /**
   * Removes old records, a bounded part in each call: call it again soon until it is done, and then from time to time.
   * @throws what `append` throws; then no row of this part is removed
   */
  prune(request: PruneRequest): Pruned;
}

/**
 * Opens the journal of an agent.
 * @param options.now wall clock, milliseconds since the epoch
 * @throws JournalUnusable
 */
export function openJournal(options: OpenOptions & { readonly now: () => number }): WritableJournal {
  const { path, now } = options;
  const { database, isChecked } = openForWriting(options);
  try {
    return guarded(path, () => ({ ...journalOn(database, path, now()), isChecked }));
  } catch (error) {
    database.close();
    throw error;
  }
}

function journalOn(database: Database.Database, path: string, now: number): Omit<WritableJournal, 'isChecked'> {
  const newestAt = database.prepare('SELECT at FROM entries ORDER BY seq DESC LIMIT 1');
  const append: (records: readonly JournalRecord[]) => void = prepareWriter(database);
  return {
    agentId: ownId(database, now),
    ...machineNotes(database, path),
    database,
    ended: new LeftFiles(database, path),
    append,
    newestAt: () => (newestAt.get() as { readonly at: number } | undefined)?.at ?? null,
    doubtedMs: prepareDoubt(database),
    load: () => guarded(path, () => loadImage(database)),
    close: () => void database.close(),
    ...children(database, path),
    prune: prepareToPrune(database),
  };
}

function ownId(database: Database.Database, now: number): string {
  const row = agentRow(database);
  if (row !== null) return row.agent_id;
  if (database.prepare('SELECT 1 FROM entries LIMIT 1').get() !== undefined) throw damaged('the record of the agent itself is not there');
  const made: AgentColumns = { agent_id: randomUUID(), created_at: now, machine_id: null, machine_name: null };
  database
    .prepare('INSERT INTO agent (only_one, agent_id, created_at, crc) VALUES (1, ?, ?, ?)')
    .run(made.agent_id, now, agentChecksum(made));
  return made.agent_id;
}

/** @returns null in a new journal. @throws JournalUnusable */
function agentRow(database: Database.Database): AgentColumns | null {
  const row = database.prepare('SELECT * FROM agent').get() as (AgentColumns & { readonly crc: number }) | undefined;
  if (row === undefined) return null;
  assertAgent(row);
  return row;
}

function machineNotes(database: Database.Database, path: string): Pick<WritableJournal, 'machine' | 'noteMachine'> {
  const note = database.prepare('UPDATE agent SET machine_id = ?, machine_name = ?, crc = ?');
  return {
    machine() {
      const row = guarded(path, () => agentRow(database));
      return row === null || row.machine_id === null ? null : { id: row.machine_id, name: row.machine_name ?? '' };
    },
    noteMachine({ id, name }) {
      const row = agentRow(database);
      if (row !== null) note.run(id, name, agentChecksum({ ...row, machine_id: id, machine_name: name }));
    },
  };
}

function children(database: Database.Database, path: string): Pick<WritableJournal, 'noteChild' | 'forgetChild' | 'earlierChildren'> {
  const born = database.prepare('INSERT OR REPLACE INTO children VALUES (?, ?, ?, ?, ?, ?)');
  const gone = database.prepare('DELETE FROM children WHERE pid = ? AND boot_id = ? AND start_time = ?');
  const all = database.prepare('SELECT * FROM children');
  return {
    noteChild({ pid, bootId, startTime, kind }, at) {
      const crc = childChecksum({ pid, boot_id: bootId, start_time: startTime, kind, started_at: at });
      born.run(pid, bootId, startTime, kind, at, crc);
    },
    forgetChild: ({ pid, bootId, startTime }) => void gone.run(pid, bootId, startTime),
    earlierChildren: () => guarded(path, () => (all.all() as StoredChild[]).map(childOf)),
  };
}

type StoredChild = ChildColumns & { readonly crc: number };

function childOf(row: StoredChild): ChildIdentity {
  assertChild(row);
  return { pid: row.pid, bootId: row.boot_id, startTime: row.start_time, kind: row.kind };
}
