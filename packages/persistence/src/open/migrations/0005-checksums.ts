import type Database from 'better-sqlite3';
import { entryChecksum, factChecksum } from '../../rows/checksum.ts';
import { wholeRecordChecksum } from './whole-records/whole-record.ts';

/** Gives rows a checksum, so that a bit that flips on a disk is found when the row is read. */
export function checksums(database: Database.Database): void {
  const pure = { deterministic: true } as const;
  database.function('entry_crc', pure, (seq, at, kind, route, fileId, event, from, to, detail) =>
    entryChecksum({
      seq: Number(seq),
      at: Number(at),
      kind: String(kind),
      route: String(route),
      file_id: textOrNull(fileId),
      event: String(event),
      from_status: textOrNull(from),
      to_status: textOrNull(to),
      detail: String(detail),
    }),
  );
  database.function('file_crc', pure, (id, status, record) =>
    wholeRecordChecksum({ id: String(id), status: String(status), record: String(record) }),
  );
  database.function('fact_crc', pure, (seq, at, route, what, detail) =>
    factChecksum(Number(seq), Number(at), String(route), String(what), String(detail)),
  );
  database.exec(`
    ALTER TABLE entries ADD COLUMN crc INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE files ADD COLUMN crc INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE route_facts ADD COLUMN crc INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE gates ADD COLUMN crc INTEGER NOT NULL DEFAULT 0;

    DROP TRIGGER entries_never_change;
    UPDATE entries SET crc = entry_crc(seq, at, kind, route, file_id, event, from_status, to_status, detail);
    CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN
      SELECT raise(ABORT, 'an entry of the journal is never changed');
    END;
    UPDATE files SET crc = file_crc(id, status, record);
    UPDATE route_facts SET crc = fact_crc(seq, at, route, event, detail);
    UPDATE gates SET crc = fact_crc(seq, at, route, state, detail);
  `);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
