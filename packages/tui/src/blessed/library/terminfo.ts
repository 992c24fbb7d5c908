import { terminfoData } from './terminfo-data.ts';

/** The name of an embedded description. */
export type TerminfoName = keyof typeof terminfoData;

/**
 * Returns the embedded description for a terminal. Every terminal that is newer than the Linux console understands xterm's.
 * Blessed would misread many descriptions of the machine, or find none.
 */
export function terminfoFor(term: string): TerminfoName {
  return /^linux\b/.test(term) ? 'linux' : 'xterm-256color';
}

/** Returns compiled terminfo. */
export function readTerminfo(name: string): Buffer {
  const data = terminfoData[name as TerminfoName];
  return Buffer.from(data.join(''), 'base64');
}
