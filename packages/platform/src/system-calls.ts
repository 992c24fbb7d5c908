import { readFileSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { constants } from 'node:os';

/** Returns an error like that of a failed system call, for a condition that Sluice finds itself. */
export function errnoError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

/** Returns the name of the errno that a call failed with, such as `ENOENT`, or `UNKNOWN` for an error without one. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code !== 'string') return 'UNKNOWN';
  return code.startsWith('Unknown system error') ? nameOfNumber(error) : code;
}

/** libuv has no name for ESTALE, EDQUOT and a few more. `code` is then a sentence, and `errno` the negative number. */
function nameOfNumber(error: unknown): string {
  const errno = error instanceof Error && 'errno' in error ? error.errno : null;
  return Object.entries(constants.errno).find(([, number]) => number === -Number(errno))?.[0] ?? 'UNKNOWN';
}

/**
 * Returns the metadata of a name, or null if nothing has this name. Does not follow a link.
 * @throws the errno of a call that does not show whether the name exists
 */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    throw error;
  }
}

/** Returns the text of a file. Null: it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Closes something whose close has nothing to report, such as a file that was only read. Never rejects. */
export function closeQuietly(open: { close(): unknown }): Promise<void> {
  try {
    const closing = open.close();
    return closing instanceof Promise ? closing.then(nothing, nothing) : closed;
  } catch {
    // Nothing was written through it.
    return closed;
  }
}

const nothing = (): void => undefined;
const closed = Promise.resolve();
