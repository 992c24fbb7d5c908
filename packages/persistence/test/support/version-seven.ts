import { isEnded, type TrackedFile } from '@sluice/core/model';
import Database from 'better-sqlite3';
import { applicationId } from '../../src/open/header.ts';
import { type Migration, migrate } from '../../src/open/migrate.ts';
import { journal } from '../../src/open/migrations/0001-journal.ts';
import { machine } from '../../src/open/migrations/0002-machine.ts';
import { typedEvents } from '../../src/open/migrations/0003-typed-events.ts';
import { listedFiles } from '../../src/open/migrations/0004-listed-files.ts';
import { checksums } from '../../src/open/migrations/0005-checksums.ts';
import { ownChecksums } from '../../src/open/migrations/0006-own-checksums.ts';
import { slimRecords } from '../../src/open/migrations/0007-slim-records.ts';
import { wholeRecordChecksum } from '../../src/open/migrations/whole-records/whole-record.ts';
import { agentChecksum, entryChecksum } from '../../src/rows/checksum.ts';
import { encodeName } from '../../src/rows/codec.ts';
import { idOf } from './records.ts';

const untilSeven: readonly Migration[] = [journal, machine, typedEvents, listedFiles, checksums, ownChecksums, slimRecords];

/** Writes a journal like the programs before version 8: two entries of each file, and one of its route at the end. */
export function writeVersionSeven(path: string, files: readonly TrackedFile[]): void {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = OFF');
  database.pragma(`application_id = ${applicationId}`);
  migrate(database, path, untilSeven);
  const file = database.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const entry = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const agent = { agent_id: idOf(0), created_at: 1, machine_id: null, machine_name: null };
  database.prepare('INSERT INTO agent VALUES (1, ?, ?, NULL, NULL, ?)').run(agent.agent_id, agent.created_at, agentChecksum(agent));
  database.transaction(() => {
    let seq = 1;
    for (const each of files) {
      file.run(...rowOf(each, seq));
      for (const [from, to, detail] of [
        [null, 'DISCOVERED', '{}'],
        ['DISCOVERED', each.status, '{"code":"EIO"}'],
      ] as const) {
        const event = from === null ? 'found' : 'destination_not_reached';
        entry.run(
          ...entryOf({
            seq,
            at: seq,
            kind: 'transition',
            route: each.route,
            file_id: each.id,
            event,
            from_status: from,
            to_status: to,
            detail,
          }),
        );
        seq += 1;
      }
    }
    const ofRoute = { route: 'ingest', file_id: null, event: 'hold_expired', from_status: null, to_status: null, detail: '{}' };
    entry.run(...entryOf({ seq, at: seq, kind: 'route_fact', ...ofRoute }));
  })();
  database.close();
}

function rowOf(file: TrackedFile, seq: number): readonly unknown[] {
  const { id, route, source, destination, status, discoveredAt, endedAt, recoveryOf, recoveredBy, fingerprint } = file;
  const record = JSON.stringify(file);
  const hasLeft = file.status === 'FAILED' && file.left === file.destination ? 1 : 0;
  const names = [encodeName(source), encodeName(destination), status, isEnded(status) ? 1 : 0] as const;
  const crc = wholeRecordChecksum({ id, status, record });
  return [id, route, ...names, seq, discoveredAt, endedAt, recoveryOf, recoveredBy, hasLeft, fingerprint.sizeBytes, record, crc];
}

/** Checksums were stored as unsigned numbers. */
function entryOf(row: Parameters<typeof entryChecksum>[0]): readonly unknown[] {
  const { seq, at, kind, route, file_id, event, from_status, to_status, detail } = row;
  return [seq, at, kind, route, file_id, event, from_status, to_status, detail, entryChecksum(row) >>> 0];
}
