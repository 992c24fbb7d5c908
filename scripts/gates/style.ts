// Rules of this house that no linter has.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { exit, stderr } from 'node:process';

const longestFile = 300;
const bannedNames = new Set(['utils', 'util', 'helpers', 'helper', 'common-utils', 'misc', 'manager']);

/** Split, so that this file does not hold what it looks for. */
const bannedTexts = [
  { what: 'a registry host', pattern: new RegExp(['registry\\.', 'npmjs|deb\\.', 'debian'].join('')) },
  { what: 'a path of one machine', pattern: new RegExp(['/', 'work/(main|shared)'].join('')) },
] as const;

const problems = [...trackedFiles().flatMap(checkText), ...sourceFiles().flatMap(checkSource)];
for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);

function trackedFiles(): string[] {
  const isCheckout = existsSync('.git');
  if (!isCheckout)
    return globSync('{packages,apps,scripts,tests,docs}/**/*.{ts,mjs,md,json}', { exclude: (name) => name === 'node_modules' });
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' });
  return listed.split('\n').filter((file) => file !== '' && existsSync(file));
}

function sourceFiles(): string[] {
  return globSync('{packages,apps}/*/src/**/*.ts');
}

function checkText(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return bannedTexts.flatMap(({ what, pattern }) => (pattern.test(text) ? [`${file}: holds ${what}`] : []));
}

function checkSource(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const name = basename(file, '.ts');
  const lines = text.split('\n').length;
  return [
    ...(lines > longestFile ? [`${file}: ${lines} lines; a file holds one idea, in at most ${longestFile}`] : []),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? [] : [`${file}: the name is not kebab-case`]),
    ...(bannedNames.has(name) ? [`${file}: the name ${name} says nothing`] : []),
    ...(/^export default /m.test(text) ? [`${file}: a default export`] : []),
    ...(/\b(enum|namespace) [A-Z]\w* \{/.test(text) ? [`${file}: an enum or namespace cannot be erased`] : []),
  ];
}
