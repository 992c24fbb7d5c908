import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the garbage collector from holding the loop up for long: what is new and stays, as the orders of a screen do while
 * they are made, is moved in pieces of a megabyte instead of sixteen. Has to be called before there is much.
 */
export function keepPausesShort(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
