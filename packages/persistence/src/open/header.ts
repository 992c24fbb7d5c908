import { readBeginning } from '@sluice/platform';

/** SQLite's application_id of a journal: `SLUI` in ASCII. */
export const applicationId = 0x534c5549;

const magic = 'SQLite format 3\0';
const headerBytes = 100;

/** The information in the header of a database. */
export interface Header {
  readonly version: number;
  readonly applicationId: number;
}

/**
 * Reads the header of a file without opening it as a database, so that no file is created next to it and no lock is waited for.
 * What is only in its log is not seen. Format: https://sqlite.org/fileformat2.html, "The Database Header".
 * @returns null if it is not a database
 * @throws Error if it cannot be read, UnexpectedFile if it is not a file
 */
export function readHeader(path: string): Header | null {
  const header = readBeginning(path, headerBytes, 'any');
  if (header.length < headerBytes) return null;
  if (header.toString('latin1', 0, magic.length) !== magic) return null;
  return { version: header.readUInt32BE(60), applicationId: header.readUInt32BE(68) };
}
