import { randomUUID } from 'node:crypto';
import type { Journal, JournalRecord } from '@sluice/core';
import type { Machine } from '@sluice/platform';
import type Database from 'better-sqlite3';
import { type OpenOptions, openForWriting } from './open/open.ts';
import { type Pruned, type PruneRequest, prepareToPrune } from './prune.ts';
import { loadImage } from './rows/image.ts';
import { guarded } from './unusable.ts';
import { prepareWriter } from './writer.ts';

/** A child process, told apart from any other that ever was. */
export interface ChildIdentity {
  readonly pid: number;
  readonly bootId: string;
  readonly startTime: string;
  readonly kind: string;
}

/** The journal of a running agent. */
export interface WritableJournal extends Journal {
  /** UUID of this state folder's agent. */
  readonly agentId: string;
  /** Which one the state folder was last used on; null: nobody noted it. */
  machine(): Machine | null;
  noteMachine(machine: Machine): void;
  readonly database: Database.Database;
  /** Wall clock of the newest entry, milliseconds since the epoch; null: there is none. */
  newestAt(): number | null;
  noteChild(child: ChildIdentity, at: number): void;
  forgetChild(child: Pick<ChildIdentity, 'pid' | 'bootId' | 'startTime'>): void;
  /** Those of earlier lives that were never noted as gone. */
  earlierChildren(): ChildIdentity[];
  /**
   * Removes what is old, a bounded piece a call: ask again soon until it is done, then once in a while.
   *
   * @throws what `append` throws; nothing of this piece is removed then
   */
  prune(request: PruneRequest): Pruned;
}

/**
 * @param options.now wall clock, milliseconds since the epoch
 * @throws JournalUnusable
 */
export function openJournal(options: OpenOptions & { readonly now: () => number }): WritableJournal {
  const { path, now } = options;
  const database = openForWriting(options);
  try {
    return guarded(path, () => journalOn(database, path, now()));
  } catch (error) {
    database.close();
    throw error;
  }
}

function journalOn(database: Database.Database, path: string, now: number): WritableJournal {
  const newestAt = database.prepare('SELECT max(at) AS at FROM entries');
  const append: (records: readonly JournalRecord[]) => void = prepareWriter(database);
  return {
    agentId: ownId(database, now),
    ...machineNotes(database),
    database,
    append,
    newestAt: () => (newestAt.get() as { at: number | null }).at,
    load: () => guarded(path, () => loadImage(database)),
    close: () => void database.close(),
    ...children(database),
    prune: prepareToPrune(database),
  };
}

function ownId(database: Database.Database, now: number): string {
  const row = database.prepare('SELECT agent_id FROM agent').get() as { agent_id: string } | undefined;
  if (row !== undefined) return row.agent_id;
  const id = randomUUID();
  database.prepare('INSERT INTO agent (only_one, agent_id, created_at) VALUES (1, ?, ?)').run(id, now);
  return id;
}

function machineNotes(database: Database.Database): Pick<WritableJournal, 'machine' | 'noteMachine'> {
  const noted = database.prepare('SELECT machine_id AS id, machine_name AS name FROM agent WHERE machine_id IS NOT NULL');
  const note = database.prepare('UPDATE agent SET machine_id = ?, machine_name = ?');
  return {
    machine: () => (noted.get() as Machine | undefined) ?? null,
    noteMachine: ({ id, name }) => void note.run(id, name),
  };
}

function children(database: Database.Database): Pick<WritableJournal, 'noteChild' | 'forgetChild' | 'earlierChildren'> {
  const born = database.prepare('INSERT OR REPLACE INTO children VALUES (?, ?, ?, ?, ?)');
  const gone = database.prepare('DELETE FROM children WHERE pid = ? AND boot_id = ? AND start_time = ?');
  const all = database.prepare('SELECT pid, boot_id AS bootId, start_time AS startTime, kind FROM children');
  return {
    noteChild: ({ pid, bootId, startTime, kind }, at) => void born.run(pid, bootId, startTime, kind, at),
    forgetChild: ({ pid, bootId, startTime }) => void gone.run(pid, bootId, startTime),
    earlierChildren: () => all.all() as ChildIdentity[],
  };
}
