import { closeSync, constants, fstatSync, renameSync, rmSync, writeSync } from 'node:fs';
import { errnoOf, openRegular } from '@sluice/platform';

/** The options of a log file. */
export interface LogFileOptions {
  readonly path: string;
  /** This and `keep` are read for every line: they may change. */
  readonly maxSizeBytes: number;
  /** Number of rotated files; `<path>.1` is the newest. 0: none. */
  readonly keep: number;
}

/** A file to which lines are appended and whose size never exceeds its limit. */
export interface LogFile {
  /** @throws UnexpectedFile, or the error of the filesystem; the next call starts again */
  append(line: string): void;
  close(): void;
}

/** Creates a log file. It opens nothing before the first line. */
export function createLogFile(options: LogFileOptions): LogFile {
  const { path } = options;
  let open: { readonly descriptor: number; sizeBytes: number } | null = null;

  const close = () => {
    if (open !== null) closeSync(open.descriptor);
    open = null;
  };
  const openNow = () => {
    const descriptor = openRegular(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 'own', 0o600);
    return { descriptor, sizeBytes: fstatSync(descriptor).size };
  };
  const appendBytes = (bytes: Uint8Array) => {
    open ??= openNow();
    if (open.sizeBytes > 0 && open.sizeBytes + bytes.length > options.maxSizeBytes) {
      close();
      rotate(path, options.keep);
      open = openNow();
    }
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(open.descriptor, bytes, done);
      done += written;
      open.sizeBytes += written;
    }
  };
  return {
    append: (line) => {
      try {
        appendBytes(Buffer.from(`${line}\n`, 'utf8'));
      } catch (error) {
        closeQuietly(close);
        open = null;
        throw error;
      }
    },
    close: () => closeQuietly(close),
  };
}

function closeQuietly(close: () => void): void {
  try {
    close();
  } catch {
    // The lines were written. An error on close does not matter for a log file.
  }
}

/** Renames `sluice.log` to `.1`, `.1` to `.2` and so on, and removes the last one. */
function rotate(path: string, keep: number): void {
  if (keep === 0) return rmSync(path, { force: true });
  rmSync(`${path}.${keep}`, { force: true });
  for (let number = keep - 1; number >= 1; number -= 1) renameIfThere(`${path}.${number}`, `${path}.${number + 1}`);
  renameIfThere(path, `${path}.1`);
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
