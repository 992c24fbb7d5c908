import type Database from 'better-sqlite3';
import { type AgentColumns, agentChecksum, type ChildColumns, childChecksum } from '../../rows/checksum.ts';

/** Gives the rows about the agent and its children checksums, like those of files. */
export function ownChecksums(database: Database.Database): void {
  database.exec(`
    ALTER TABLE agent ADD COLUMN crc INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE children ADD COLUMN crc INTEGER NOT NULL DEFAULT 0;
  `);
  const agents = database.prepare('SELECT * FROM agent').all() as AgentColumns[];
  for (const row of agents) database.prepare('UPDATE agent SET crc = ?').run(agentChecksum(row));
  const mark = database.prepare('UPDATE children SET crc = ? WHERE pid = ? AND boot_id = ? AND start_time = ?');
  const children = database.prepare('SELECT * FROM children').all() as ChildColumns[];
  for (const row of children) mark.run(childChecksum(row), row.pid, row.boot_id, row.start_time);
}
