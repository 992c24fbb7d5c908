/** The journal cannot be used. The program ends with exit code 4 and these two sentences. */
export class JournalUnusable extends Error {
  override name = 'JournalUnusable';
  readonly reason: 'damaged' | 'foreign' | 'newer' | 'older' | 'locked' | 'network_filesystem' | 'unreadable' | 'missing';
  /** What it means and what to do. */
  readonly operator: string;
  readonly technical: string;

  constructor(reason: JournalUnusable['reason'], operator: string, technical: string) {
    super(`${operator} (${technical})`);
    this.reason = reason;
    this.operator = operator;
    this.technical = technical;
  }
}

/** Returns the error for a damaged journal. */
export function damaged(technical: string): JournalUnusable {
  return new JournalUnusable(
    'damaged',
    'the journal is damaged; keep it for inspection and start with another state folder: Sluice compares what is at the destination and does not copy it again',
    technical,
  );
}

/**
 * Runs code that uses SQLite, and converts its errors.
 * @throws JournalUnusable
 */
export function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asUnusable(path, error);
  }
}

/** Returns the error that stands for one of SQLite. */
export function asUnusable(path: string, error: unknown): JournalUnusable {
  return error instanceof JournalUnusable ? error : unusable(path, error);
}

/** @returns SQLite's name of the error, or null if it is not from SQLite */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

/** Explains SQLite's result codes to a person. Source: sqlite.org/rescode.html. */
function unusable(path: string, error: unknown): JournalUnusable {
  const code = sqliteCode(error) ?? 'UNKNOWN';
  const technical = `${code}: ${error instanceof Error ? error.message : String(error)}`;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new JournalUnusable('locked', `the journal ${path} is locked by another program; end that program first`, technical);
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return damaged(`${path}: ${technical}`);
  return new JournalUnusable('unreadable', `the journal ${path} cannot be opened; check the folder, its owner and its disk`, technical);
}
