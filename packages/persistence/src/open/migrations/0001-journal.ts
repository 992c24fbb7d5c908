/** The first version of the journal. */
export const journal = `
CREATE TABLE agent (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  agent_id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- The newest record of every tracked file.
CREATE TABLE files (
  id TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  source TEXT NOT NULL,
  destination TEXT NOT NULL,
  status TEXT NOT NULL,
  is_ended INTEGER NOT NULL CHECK (is_ended IN (0, 1)),
  first_seq INTEGER NOT NULL,
  discovered_at INTEGER NOT NULL,
  ended_at INTEGER CHECK ((ended_at IS NOT NULL) = is_ended),
  recovery_of TEXT,
  recovered_by TEXT,
  has_left INTEGER NOT NULL CHECK (has_left IN (0, 1)),
  size_bytes INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_seq ON files (first_seq, route);
-- A source file's attempts, and which of them is the newest.
CREATE UNIQUE INDEX files_by_source ON files (route, source, first_seq);
-- At most one live tracked file per lineage.
CREATE UNIQUE INDEX files_live ON files (route, source) WHERE is_ended = 0;
CREATE INDEX files_by_status ON files (status, route, first_seq);
CREATE INDEX files_by_end ON files (ended_at) WHERE is_ended = 1;
-- What a search by name or glob reads instead of the records.
CREATE INDEX files_by_names ON files (source, destination);
CREATE INDEX files_by_destination ON files (destination);
-- Names that are borne at the destination, read at start-up.
CREATE INDEX files_naming ON files (first_seq, route, destination, status, has_left)
  WHERE status IN ('COMPLETED', 'COMPLETED_DELETE_FAILED') OR has_left = 1;
CREATE INDEX files_recovered ON files (route, status, recovered_by) WHERE status = 'FAILED' AND recovered_by IS NOT NULL;

-- Transitions and facts, in order, never changed.
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('transition', 'file_fact', 'route_fact', 'gate')),
  route TEXT NOT NULL,
  file_id TEXT REFERENCES files (id),
  event TEXT NOT NULL,
  from_status TEXT,
  to_status TEXT,
  detail TEXT NOT NULL,
  CHECK ((file_id IS NOT NULL) = (kind IN ('transition', 'file_fact'))),
  CHECK ((to_status IS NOT NULL) = (kind = 'transition'))
) STRICT;
CREATE INDEX entries_by_file ON entries (file_id, seq) WHERE file_id IS NOT NULL;
CREATE INDEX entries_by_time ON entries (at);
CREATE INDEX entries_of_routes ON entries (at) WHERE file_id IS NULL;
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN
  SELECT raise(ABORT, 'an entry of the journal is never changed');
END;

CREATE TABLE route_facts (
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (route, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE gates (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  route TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  cause TEXT,
  code TEXT,
  operator TEXT NOT NULL,
  technical TEXT NOT NULL
) STRICT;
CREATE INDEX gates_by_route ON gates (route, seq);
CREATE INDEX gates_opened ON gates (route, seq, at) WHERE state = 'open';

-- Processes of this and earlier lives, so that what hangs on is ended before anything of theirs is reused.
CREATE TABLE children (
  pid INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  start_time TEXT NOT NULL,
  kind TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (pid, boot_id, start_time)
) STRICT, WITHOUT ROWID;
`;
