import { writeSync } from 'node:fs';
import process from 'node:process';
import { limits } from './limits.ts';

/** If it is set to anything, the stack is shown too, for developers. */
const stackVariable = 'SLUICE_STACK';

/**
 * Makes the process end with one line at any unexpected error, such as a fault of the program itself. Node would print the line of
 * code that threw, which in the executable is the whole program, and a stack. Neither helps the person who reads it.
 */
export function endOnFault(): void {
  process.on('uncaughtException', endWithFault);
}

/** Prints what went wrong on standard error, and ends the process with exit code 1; 2 if its working folder has been removed. */
export function endWithFault(error: unknown): never {
  const isLost = isWorkingFolderLost(error);
  try {
    writeSync(2, `${isLost ? lostFolderText : faultText(error, process.env[stackVariable] !== undefined)}\n`);
  } catch {
    // Standard error is not read any more.
  }
  process.exit(isLost ? 2 : 1);
}

const lostFolderText = 'sluice: the current folder has been removed; change to another folder and try again';

/** Returns whether the error is that of `process.cwd()` in a folder that was removed. */
function isWorkingFolderLost(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
}

/**
 * Returns the line for a person: name and message, without control characters and line ends.
 * @param withStack whether the stack follows it
 */
export function faultText(error: unknown, withStack: boolean): string {
  const { name, message, stack } = error instanceof Error ? error : { name: 'thrown', message: String(error), stack: undefined };
  const plain = `${name}: ${message}`.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, limits.faultLength);
  const line = `sluice: internal error: ${plain}; please report it with the command and the output of "sluice --version"`;
  return withStack && stack !== undefined ? `${line}\n${stack}` : line;
}
