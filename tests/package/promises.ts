/** The promise of the tour that is about time. An emulated machine cannot be judged by it. */
const inTime = 'copying resumed without a command within 2 s';

/** @returns the promises that the tour reports as broken, without the one about time, because the machine is emulated */
export function brokenPromises(said: string): string[] {
  return said.split('\n').filter((line) => line.startsWith('BROKEN') && !line.includes(inTime));
}

/**
 * If a recorder gets little processor time and pauses, its file is copied once more, so there may be more than the three identical
 * files.
 */
export const allIdentical = /held +every file arrived, byte for byte \(([3-9]) of \1 identical\)/;
