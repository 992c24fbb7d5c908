import { argv } from 'node:process';

/** The options of all benchmarks, each `--NAME=VALUE`. */
export const optionNames = [
  ...(['program', 'json', 'rows', 'rounds', 'folder', 'files', 'listed', 'gib', 'big', 'sidecars', 'arrive'] as const),
  ...(['eight', 'shared', 'recording', 'waiting', 'journaled', 'rest', 'starts'] as const),
];

type OptionName = (typeof optionNames)[number];

/** Returns the value of an option, or undefined if it is not given. */
export function option(name: OptionName): string | undefined {
  return argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** Returns a number that `--name=N` may replace, so that a short run is possible. */
export function count(name: OptionName, unless: number): number {
  return Number(option(name) ?? unless);
}
