import { terminfoData } from './terminfo-data.ts';

export type TerminfoName = keyof typeof terminfoData;

/**
 * Which of the embedded descriptions a terminal is driven with. Every terminal that is younger than the Linux console understands
 * xterm's; blessed would misread many of the machine's own, or find none.
 */
export function terminfoFor(term: string): TerminfoName {
  return /^linux\b/.test(term) ? 'linux' : 'xterm-256color';
}

/** Compiled terminfo. */
export function readTerminfo(name: string): Buffer {
  const data = terminfoData[name as TerminfoName];
  return Buffer.from(data.join(''), 'base64');
}
