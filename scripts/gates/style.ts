// Rules of this project that no linter has.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { exit, stderr } from 'node:process';
import { reachedFrom } from '../test/affected.ts';
import { allTestFiles, findFiles, type TestFile } from '../test/test-file.ts';
import { listedFiles } from './listed.ts';

const maxFileLines = 400;
const bannedNames = new Set(['utils', 'util', 'helpers', 'helper', 'common-utils', 'misc', 'manager']);

/** Split, so that this file does not contain the text that it searches for. */
const bannedTexts = [
  { what: 'a registry host', pattern: new RegExp(['registry\\.', 'npmjs|deb\\.', 'debian'].join('')) },
  { what: 'a path of one machine', pattern: new RegExp(['/', 'work/(main|shared)'].join('')) },
] as const;

/** A number at the top of a module whose name is that of a bound. A sum or product of numbers counts too. */
const bound =
  /^(?:export )?const (\w*(?:Ms|Bytes|Limit)|(?:max|most|longest)(?:[A-Z]\w*)?)(?:: number)? = \(?\d[\d_]*(?: [*+-]+ [\d_]+)*\)?;/gm;
/** A unit, and sizes that a format defines: nobody could choose another value. */
const notBounds = new Set(['dayMs', 'headerBytes', 'signatureBytes', 'wasmPageBytes']);

/** What a test must not use if its result is cached. Such a test has to be marked as real. */
const usesTheMachine = /from '(?:node:)?(child_process|cluster|dgram|http|http2|https|net|tls|worker_threads)'/;
/** In a support file a timer is mostly a timeout. In the test itself it is part of the claim. */
const usesTimers = /from 'node:timers\/promises'|\bset(Timeout|Interval)\(/;
/** Split, so that this file does not contain the text that it searches for. */
const leftOut = new RegExp(['\\b(test|suite)\\.', '(only|skip)\\('].join(''));
/** The modules that each file names, for the files read so far. */
const named = new Map<string, readonly string[]>();

const problems = [
  ...listedFiles().flatMap(checkText),
  ...sourceFiles().flatMap(checkSource),
  ...allTestFiles().flatMap(checkMarks),
  ...checkGroups(),
];
for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);

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
    ...(lines > maxFileLines ? [`${file}: ${lines} lines; a file holds one idea, in at most ${maxFileLines}`] : []),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? [] : [`${file}: the name is not kebab-case`]),
    ...(bannedNames.has(name) ? [`${file}: the name ${name} says nothing`] : []),
    ...(/^export default /m.test(text) ? [`${file}: a default export`] : []),
    ...boundsIn(file, text).map((each) => `${file}: the bound ${each} belongs in the limits.ts of its package or room`),
    ...(/\b(enum|namespace) [A-Z]\w* \{/.test(text) ? [`${file}: an enum or namespace cannot be erased`] : []),
  ];
}

/** The testkit may have bounds anywhere: the times of a fake are its behaviour. */
function boundsIn(file: string, text: string): string[] {
  if (basename(file) === 'limits.ts' || /^packages[/\\]testkit/.test(file)) return [];
  return Array.from(text.matchAll(bound), ([, name = '']) => name).filter((name) => !notBounds.has(name));
}

function checkMarks({ path, isReal }: TestFile): string[] {
  const text = readFileSync(path, 'utf8');
  const head = text.split(/^import /m, 1)[0] ?? '';
  return [
    ...head
      .split('\n')
      .flatMap((line) => judgeMark(line) ?? [])
      .map((problem) => `${path}: ${problem}`),
    ...(leftOut.test(text) ? [`${path}: test.only or test.skip leaves tests out`] : []),
    ...(isReal ? [] : checkCached(path, text)),
  ];
}

/** The runner would ignore a comment that looks like a mark but is not one. */
function judgeMark(line: string): string | null {
  const [, name, value = ''] = /^\/\/ ([a-z]+):(.*)$/.exec(line) ?? [];
  if (name === undefined) return null;
  if (!['group', 'alone', 'real', 'process', 'timeout'].includes(name)) return `there is no mark "${name}"`;
  if (value.trim() === '') return `the mark "${name}" says nothing`;
  return name === 'timeout' && !/^ \d+s$/.test(value) ? `timeout: expected seconds such as 240s, got "${value.trim()}"` : null;
}

function checkCached(path: string, text: string): string[] {
  const using =
    supportOf(path).find((file) => usesTheMachine.test(readFileSync(file, 'utf8'))) ?? (usesTimers.test(text) ? path : undefined);
  if (using === undefined) return [];
  return [`${path}: ${using} uses processes, sockets or timers; mark the test "// real: why", so that its result is not cached`];
}

/** Returns a test file with the support files that it imports, directly or indirectly. */
function supportOf(path: string): readonly string[] {
  return [...reachedFrom(path, named)].filter((file) => /^(tests|(packages|apps)\/[^/]+\/test)\/.*\.ts$/.test(file));
}

/** Every test file belongs to a group. A file in no group would never run. */
function checkGroups(): string[] {
  const grouped = new Set(allTestFiles().map(({ path }) => path));
  return findFiles(['{packages,apps,tests,scripts}/**/*.test.ts'])
    .filter((path) => !grouped.has(path))
    .map((path) => `${path}: is in no group of tests`);
}
