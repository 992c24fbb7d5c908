// Phrases that sound translated or that hide the subject; CONTRIBUTING.md says how to write instead. The tree held many of them
// when this check was written: `phrases-left.json` has how many are left. The figure may only fall, and `--save` lowers it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv, exit, stderr } from 'node:process';
import { listedFiles } from './listed.ts';

/** What is not written, and what is written instead. */
const phrases: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bis wanted\b/i, instead: 'expected' },
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\b(is|are|was|were) told\b/i, instead: 'is reported, is recorded, is shown' },
  { pattern: /\bwhoever\b/i, instead: 'the person or program by its name' },
  { pattern: /\bbeside\b/i, instead: 'next to, in addition to' },
  { pattern: /\bof its own\b/i, instead: 'its own, separate' },
  { pattern: /(?<!\bthere )\bis no (?!longer\b|more\b|such\b|\w+er\b)[a-z]+/i, instead: 'is not a' },
  { pattern: /\bwhat is there\b/i, instead: 'the thing by its name' },
  { pattern: /\bsomebody else's\b/i, instead: "another user's, another program's" },
  { pattern: /\bin good order\b/i, instead: 'valid, correct' },
  { pattern: /\bwith a word\b/i, instead: 'with a message' },
  { pattern: /\bgone again\b/i, instead: 'removed' },
  { pattern: /\bmakes? itself known\b/i, instead: 'is reported' },
  { pattern: /\bfor ever\b/i, instead: 'forever, indefinitely' },
];

const leftFile = 'scripts/gates/phrases-left.json';
/** They hold the phrases that they look for. */
const exempt = new Set(['scripts/gates/phrases.ts', 'tests/platforms/checks/gates.test.ts']);
const isProse = /\.(md|ts|mjs|sh|cmd|txt|c|h|yml|toml)$/;
const isCheckout = existsSync('.git');
const { left } = JSON.parse(readFileSync(leftFile, 'utf8')) as { readonly left: number };
const found = listedFiles()
  .filter((file) => isProse.test(file) && !exempt.has(file))
  .flatMap(findIn);

if (argv.includes('--save') && found.length < left) writeFileSync(leftFile, `{ "left": ${found.length} }\n`);
else if (found.length > left) fail([...suspects(), `${found.length} banned phrases; ${left} are left from before, and none may be added`]);
else if (found.length < left) fail([`${found.length} banned phrases, fewer than ${left}: npm run check:phrases -- --save`]);

function fail(lines: readonly string[]): never {
  for (const line of lines) stderr.write(`${line}\n`);
  exit(1);
}

function git(...args: readonly string[]): readonly string[] {
  return execFileSync('git', [...args], { encoding: 'utf8' }).split('\n');
}

/** @returns a message for each banned phrase */
function findIn(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      phrases.flatMap(({ pattern, instead }) => {
        const phrase = pattern.exec(line)?.[0];
        return phrase === undefined ? [] : [`${file}:${index + 1}: "${phrase}"; write ${instead}`];
      }),
    );
}

/** Returns what was found in files with uncommitted changes, or everything if there is nothing in them. */
function suspects(): readonly string[] {
  if (!isCheckout) return found;
  const changed = new Set([...git('diff', '--name-only', 'HEAD'), ...git('ls-files', '-o', '--exclude-standard')]);
  const inChanged = found.filter((line) => changed.has(line.split(':')[0] ?? ''));
  return inChanged.length > 0 ? inChanged : found;
}
