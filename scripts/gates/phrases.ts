// Refuses phrases that sound translated or that hide the subject; CONTRIBUTING.md says how to write instead.
import { readFileSync } from 'node:fs';
import { exit, stderr } from 'node:process';
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

/** They contain the phrases that they look for. */
const exempt = new Set(['scripts/gates/phrases.ts', 'tests/platforms/checks/gates.test.ts']);
const isProse = /\.(md|ts|mjs|sh|cmd|txt|c|h|yml|toml)$/;
const found = listedFiles()
  .filter((file) => isProse.test(file) && !exempt.has(file))
  .flatMap(findIn);
for (const line of found) stderr.write(`${line}\n`);
exit(found.length === 0 ? 0 : 1);

/** Returns a message for each banned phrase in a file. */
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
