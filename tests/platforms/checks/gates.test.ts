// timeout: 600s
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checks, runCheck, scriptNamed } from '../../../scripts/gates/checks.ts';

/** A planted violation, and the check that has to find it. */
interface Plant {
  readonly check: string;
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** The text is appended to an existing file. */
  readonly appended?: true;
  /** The text replaces an existing file. */
  readonly replaced?: true;
  /** Further files with the same text. */
  readonly more?: readonly string[];
}

const line = 'export const line = 1;\n';

const plants: readonly Plant[] = [
  { check: 'check:format', what: 'a file out of format', file: 'packages/core/src/planted.ts', text: 'export const planted   =  "one"\n' },
  {
    check: 'check:lint',
    what: 'a promise that nobody waits for',
    file: 'packages/agent/src/planted.ts',
    text: 'export function planted(work: () => Promise<void>): void {\n  work();\n}\n',
  },
  {
    check: 'check:lint',
    what: 'a switch that forgets a case',
    file: 'packages/agent/src/planted.ts',
    text: "export function planted(of: 'a' | 'b'): number {\n  switch (of) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
  },
  {
    check: 'check:lint',
    what: 'a default that hides a case of a union',
    file: 'packages/agent/src/planted.ts',
    text: "export function planted(of: 'a' | 'b'): number {\n  switch (of) {\n    case 'a':\n      return 1;\n    default:\n      return 2;\n  }\n}\n",
  },
  {
    check: 'check:lint',
    what: 'a function of too many lines',
    file: 'packages/agent/src/planted.ts',
    text: `export function planted(): number[] {\n  const lines: number[] = [];\n${'  lines.push(1);\n'.repeat(70)}  return lines;\n}\n`,
  },
  {
    check: 'check:lint',
    what: 'a clock in core',
    file: 'packages/core/src/planted.ts',
    text: 'export function planted(): number {\n  return Date.now();\n}\n',
  },
  {
    check: 'check:lint',
    what: 'chance in core',
    file: 'packages/core/src/planted.ts',
    text: 'export function planted(): number {\n  return Math.random();\n}\n',
  },
  {
    check: 'check:lint',
    what: 'a built-in module in core',
    file: 'packages/core/src/planted.ts',
    text: "import { readFileSync } from 'node:fs';\n\nexport const planted = readFileSync;\n",
  },
  {
    check: 'check:lint',
    what: 'a circle of imports',
    file: 'packages/core/src/model/assert.ts',
    text: "export { step as planted } from '../step/step.ts';\n",
    appended: true,
  },
  { check: 'check:types', what: 'a wrong type', file: 'packages/agent/src/planted.ts', text: "export const planted: number = 'one';\n" },
  {
    check: 'check:workflows',
    what: 'a step that does not exist in the language of workflows',
    file: '.github/workflows/ci.yml',
    text: '      - runs: npm test\n',
    appended: true,
  },
  {
    check: 'check:workflows',
    what: 'an action that is named by a tag',
    file: '.github/workflows/ci.yml',
    text: '      - uses: actions/checkout@v4\n',
    appended: true,
  },
  {
    check: 'check:workflows',
    what: 'a secret for what anybody asks to be merged',
    file: '.github/workflows/ci.yml',
    text: '      - run: npm run try\n        env:\n          KEY: ${{ secrets.KEY }}\n',
    appended: true,
  },
  {
    check: 'check:workflows',
    what: 'a workflow that says nothing of permissions',
    file: '.github/workflows/planted.yml',
    text: 'on: push\nconcurrency: planted\njobs:\n  planted:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm test\n',
  },
  {
    check: 'check:types-core',
    what: 'a timer in core',
    file: 'packages/core/src/planted.ts',
    text: 'export const planted = setTimeout;\n',
  },
  {
    check: 'types:deno',
    what: 'a wrong type on the way from main.ts',
    file: 'apps/sluice/src/version.ts',
    text: "export const planted: number = 'one';\n",
    appended: true,
  },
  {
    check: 'check:boundaries',
    what: 'core that imports the agent',
    file: 'packages/core/src/planted.ts',
    text: "export { startAgent as planted } from '@sluice/agent';\n",
  },
  {
    check: 'check:imports',
    what: 'intake that reaches into transport',
    file: 'packages/intake/src/planted.ts',
    text: "export { mountedFolder as planted } from '@sluice/transport';\n",
  },
  {
    check: 'check:imports',
    what: 'a path that leaves its package',
    file: 'packages/intake/src/planted.ts',
    text: "export { step as planted } from '../../core/src/step.ts';\n",
  },
  {
    check: 'check:imports',
    what: 'a manifest that names a package the table does not',
    file: 'packages/kit/package.json',
    text: JSON.stringify({
      name: '@sluice/kit',
      dependencies: { '@sluice/config': '0.1.0', '@sluice/words': '0.1.0', '@sluice/planted': '0.1.0' },
    }),
    replaced: true,
  },
  {
    check: 'check:house',
    what: 'an import that leads back up inside a package',
    file: 'packages/core/src/model/planted.ts',
    text: "export { step as planted } from '../step/step.ts';\n",
  },
  {
    check: 'check:house',
    what: 'files that want to be a folder',
    file: 'packages/kit/src/planted-one.ts',
    text: line,
    more: ['packages/kit/src/planted-two.ts', 'packages/kit/src/planted-three.ts'],
  },
  {
    check: 'check:documents',
    what: 'a table of packages that was edited by hand',
    file: 'ARCHITECTURE.md',
    text: '<!-- rooms -->\nplanted\n<!-- /rooms -->\n',
    replaced: true,
  },
  { check: 'check:unused', what: 'a file that nobody imports', file: 'packages/agent/src/planted.ts', text: line },
  {
    check: 'check:unused',
    what: 'a name of a package that no other one imports',
    file: 'packages/agent/src/mod.ts',
    text: 'export const planted = 1;\n',
    appended: true,
  },
  {
    check: 'check:unused',
    what: 'an export that nobody imports',
    file: 'packages/agent/src/clock.ts',
    text: 'export const planted = 1;\n',
    appended: true,
  },
  {
    check: 'check:documents',
    what: 'a page that says something else than the schema',
    file: 'docs/settings.md',
    text: 'planted\n',
    appended: true,
  },
  {
    check: 'check:documents',
    what: 'a field of the JSON without a docstring',
    file: 'packages/control/src/protocol/replies.ts',
    text: 'export interface VerdictJson {\n  readonly planted: number;\n}\n',
    appended: true,
  },
  {
    check: 'check:spelling',
    what: 'a misspelled word in a page',
    file: 'docs/planted.md',
    text: 'The destnation is ofline.\n',
  },
  { check: 'check:spelling', what: 'a misspelled word in a comment', file: 'packages/agent/src/planted.ts', text: '// Copys a file.\n' },
  { check: 'check:phrases', what: 'a banned phrase in a page', file: 'docs/planted.md', text: 'The copy is made anew.\n' },
  {
    check: 'check:phrases',
    what: 'a banned phrase in a message',
    file: 'packages/agent/src/planted.ts',
    text: "export const planted = 'a number is wanted';\n",
  },
  { check: 'check:links', what: 'a page that is not in the index', file: 'docs/planted.md', text: 'Nobody finds this.\n' },
  {
    check: 'check:links',
    what: 'a link to a page that does not exist',
    file: 'docs/states.md',
    text: '[here](planted.md)\n',
    appended: true,
  },
  {
    check: 'check:links',
    what: 'a link to a heading that does not exist',
    file: 'docs/states.md',
    text: '[here](#planted)\n',
    appended: true,
  },
  {
    check: 'check:links',
    what: 'a path that does not exist',
    file: 'docs/states.md',
    text: 'See `packages/core/src/planted.ts`.\n',
    appended: true,
  },
  { check: 'check:links', what: 'a file name that does not exist', file: 'docs/states.md', text: 'See `planted.ts`.\n', appended: true },
  {
    check: 'check:links',
    what: 'a script of npm that does not exist',
    file: 'docs/states.md',
    text: 'Type `npm run planted`.\n',
    appended: true,
  },
  {
    check: 'check:links',
    what: 'a message that names a page that does not exist',
    file: 'packages/agent/src/planted.ts',
    text: "export const planted = 'see docs/nowhere.md';\n",
  },
  {
    check: 'check:style',
    what: 'a cached test that starts a process',
    file: 'packages/agent/test/planted.test.ts',
    text: "import { spawn } from 'node:child_process';\n\nspawn('planted');\n",
  },
  {
    check: 'check:style',
    what: 'a mark that does not exist',
    file: 'packages/agent/test/planted.test.ts',
    text: "// reel: it waits\nimport { test } from 'uvu';\n\ntest.run();\n",
  },
  {
    check: 'check:style',
    what: 'a test that leaves the others out',
    file: 'packages/agent/test/planted.test.ts',
    text: "import { test } from 'uvu';\n\ntest['only']('a', () => {});\ntest.run();\n".replace("['only']", '.only'),
  },
  {
    check: 'check:style',
    what: 'a test in no group',
    file: 'tests/planted/planted.test.ts',
    text: "import { test } from 'uvu';\n\ntest.run();\n",
  },
  { check: 'check:style', what: 'a room called utils', file: 'packages/agent/src/utils.ts', text: line },
  { check: 'check:style', what: 'a file of too many lines', file: 'packages/agent/src/planted.ts', text: line.repeat(401) },
  {
    check: 'check:style',
    what: 'a bound outside limits.ts',
    file: 'packages/agent/src/planted.ts',
    text: 'export const plantedMs = 60 * 1_000;\n',
  },
  { check: 'check:style', what: 'a bound called max', file: 'packages/agent/src/planted.ts', text: 'export const maxPlanted = 5;\n' },
  { check: 'check:style', what: 'a default export', file: 'packages/agent/src/planted.ts', text: 'export default 1;\n' },
];

const root = mkdtempSync(join(tmpdir(), 'sluice-gates-'));

function copyTree(): void {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' });
  for (const file of listed.split('\n').filter((name) => name !== '' && existsSync(name))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(file, join(root, file));
  }
  linkModules(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
}

/** Links the packages of the copy, so that they import each other and not those of the original tree. */
function linkModules(from: string, to: string): void {
  mkdirSync(join(to, '@sluice'), { recursive: true });
  for (const name of readdirSync(from)) if (name !== '@sluice') symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@sluice'))) symlinkSync(join(root, 'packages', name), join(to, '@sluice', name));
}

test.before(copyTree);
test.after(() => rmSync(root, { recursive: true, force: true }));

for (const check of checks) {
  test(`${check.name}: passes without a violation`, async () => {
    const { isGreen, output } = await runCheck(check, root);
    assert.ok(isGreen, output);
  });
}

for (const { check, what, file, text, appended, replaced, more = [] } of plants) {
  test(`${check}: fails with ${what}`, async () => {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    if (appended === true) appendFileSync(path, text);
    else for (const each of [file, ...more]) writeFileSync(join(root, each), text);
    try {
      const { isGreen, output } = await runCheck(scriptNamed(check), root);
      assert.not.ok(isGreen, 'it passed');
      assert.match(output, /planted|utils|assert\.ts|version\.ts|clock\.ts|settings\.md|ci\.yml|ARCHITECTURE\.md|in a circle/);
    } finally {
      if (appended === true || replaced === true) cpSync(file, path);
      else for (const each of [file, ...more]) rmSync(join(root, each));
    }
  });
}

test('every check has a violation that makes it fail', () => {
  const seen = new Set(plants.map(({ check }) => check));
  assert.equal(
    checks.map(({ name }) => name).filter((name) => !seen.has(name)),
    [],
  );
});

test.run();
