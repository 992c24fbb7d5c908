import type Database from 'better-sqlite3';
import { fileError, gateEvent } from './typed-events/findings.ts';
import { copyNotes, fileEvent, routeEvent, type Stored } from './typed-events/phrases.ts';

type Detail = Readonly<Record<string, unknown>>;

/** Makes events and findings typed: a kind and its values. Before, the journal held English phrases. */
export function typedEvents(database: Database.Database): void {
  defineFunctions(database);
  database.exec(`
    DROP TRIGGER entries_never_change;
    UPDATE entries SET event = event_kind(new.event), detail = event_rest(new.event)
      FROM (SELECT seq AS at_seq, typed_event(kind, event, detail, to_status,
        (SELECT f.detail FROM route_facts AS f WHERE f.route = e.route AND f.key = 'marker')) AS event FROM entries AS e) AS new
      WHERE entries.seq = new.at_seq;
    CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN
      SELECT raise(ABORT, 'an entry of the journal is never changed');
    END;

    CREATE TABLE typed_gates (
      seq INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      route TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
      detail TEXT NOT NULL
    ) STRICT;
    INSERT INTO typed_gates SELECT seq, at, route, state, event_rest(typed_event('gate', state,
      json_object('cause', cause, 'code', code, 'operator', operator, 'technical', technical), NULL,
      (SELECT f.detail FROM route_facts AS f WHERE f.route = g.route AND f.key = 'marker'))) FROM gates AS g;
    DROP TABLE gates;
    ALTER TABLE typed_gates RENAME TO gates;
    CREATE INDEX gates_by_route ON gates (route, seq);
    CREATE INDEX gates_opened ON gates (route, seq, at) WHERE state = 'open';

    UPDATE route_facts SET event = event_kind(typed_event('route_fact', event, detail, NULL, NULL)),
      detail = event_rest(typed_event('route_fact', event, detail, NULL, NULL));
    UPDATE files SET record = typed_record(record) WHERE status IN ('FAILED', 'COMPLETED', 'COMPLETED_DELETE_FAILED');
  `);
}

function defineFunctions(database: Database.Database): void {
  const pure = { deterministic: true } as const;
  database.function('typed_event', pure, (kind, phrase, detail, to, marker) => {
    const event = typedEvent(String(kind), String(phrase), objectOf(detail), to === null ? null : String(to), objectOf(marker));
    return JSON.stringify(event);
  });
  database.function('event_kind', pure, (event) => String(objectOf(event)['kind']));
  database.function('event_rest', pure, (event) => {
    const { kind: _, ...rest } = objectOf(event);
    return JSON.stringify(rest);
  });
  database.function('typed_record', pure, (record) => typedRecord(String(record)));
}

/** @param marker what the route remembers of its destination, `{}` if nothing */
function typedEvent(kind: string, phrase: string, detail: Detail, to: string | null, marker: Detail): Stored {
  if (kind === 'route_fact') return routeEvent(phrase, detail);
  if (kind !== 'gate') return fileEvent(phrase, detail, to);
  const known = marker['destination'];
  return gateEvent(phrase, detail, typeof known === 'string' ? known : '');
}

/** A record that cannot be read stays unchanged: its reader reports it. */
function typedRecord(record: string): string {
  const file = objectOf(record);
  if (isObject(file['error'])) return JSON.stringify({ ...file, error: fileError(file['error']) });
  return Array.isArray(file['notes']) ? JSON.stringify({ ...file, notes: copyNotes(file['notes']) }) : record;
}

function objectOf(text: unknown): Detail {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
