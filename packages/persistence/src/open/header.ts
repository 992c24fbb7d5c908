import { readBeginning } from '@sluice/platform';

/** `SLUI` in ASCII: SQLite's application_id of a journal. */
export const applicationId = 0x534c5549;

const magic = 'SQLite format 3\0';
const headerBytes = 100;

/** What the header of a database says of itself. */
export interface Header {
  readonly version: number;
  readonly applicationId: number;
}

/**
 * Of a file that nobody opens as a database, so that nothing is made next to it and nobody waits for a lock. What its log has and it has
 * not is not seen. Format: https://sqlite.org/fileformat2.html, "The Database Header".
 *
 * @returns null: it is no database
 * @throws Error where it cannot be read, UnexpectedFile where it is not a file
 */
export function readHeader(path: string): Header | null {
  const header = readBeginning(path, headerBytes, 'any');
  if (header.length < headerBytes) return null;
  if (header.toString('latin1', 0, magic.length) !== magic) return null;
  return { version: header.readUInt32BE(60), applicationId: header.readUInt32BE(68) };
}
