/** The promise of the tour that is about time, which an emulated machine cannot keep or break. */
const inTime = 'copying resumed without a command within 2 s';

/** @returns what the tour says is broken, but for what took too long where only an imitation of the machine was slow */
export function brokenPromises(said: string): string[] {
  return said.split('\n').filter((line) => line.startsWith('BROKEN') && !line.includes(inTime));
}

/** A recorder that stands still for long, where little is left for it, has its file copied once more: more than the three it reports. */
export const allIdentical = /held +every file arrived, byte for byte \(([3-9]) of \1 identical\)/;
