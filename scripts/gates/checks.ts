import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { runProcess } from '../run-process.ts';

/** A check of the whole tree: a `check:…` script of package.json, which turbo runs. A violation gives an exit code other than 0. */
export interface Check {
  /** The name of the script: `check:lint`. */
  readonly name: string;
  /** A program of node_modules/.bin, or `node` for the pinned one, and its arguments. */
  readonly command: readonly [string, ...string[]];
}

const root = join(import.meta.dirname, '../..');
const timeoutMs = 180_000;

const scripts = readScripts();

/** Every check, in the order of package.json. */
export const checks: readonly Check[] = scripts.filter(({ name }) => name.startsWith('check:'));

function readScripts(): readonly Check[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return Object.entries(scripts).map(([name, script]) => ({ name, command: script.split(' ') as [string, ...string[]] }));
}

/**
 * Returns the script of package.json with this name, which may be outside `npm run check`, such as `types:deno`.
 * @throws Error if there is none
 */
export function scriptNamed(name: string): Check {
  const script = scripts.find((each) => each.name === name);
  if (script === undefined) throw new Error(`package.json has no script ${name}`);
  return script;
}

/** Runs a check without turbo and its cache. @param tree the folder of the tree */
export async function runCheck({ command }: Check, tree: string): Promise<{ readonly isGreen: boolean; readonly output: string }> {
  const [program, ...args] = command;
  const path = program === 'node' ? execPath : join(tree, 'node_modules', '.bin', program);
  const { code, output } = await runProcess(path, args, { cwd: tree, timeoutMs });
  return { isGreen: code === 0, output };
}
