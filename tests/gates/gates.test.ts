// timeout: 300s
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gates, runGate } from '../../scripts/gates/gates.ts';

/** What is planted, and the gate that has to see it. */
interface Plant {
  readonly gate: string;
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** Goes to the end of a file that is there. */
  readonly appended?: true;
}

const line = 'export const line = 1;\n';

const plants: readonly Plant[] = [
  { gate: 'format', what: 'a file out of format', file: 'packages/core/src/planted.ts', text: 'export const planted   =  "one"\n' },
  {
    gate: 'lint',
    what: 'a promise that nobody waits for',
    file: 'packages/agent/src/planted.ts',
    text: 'export function planted(work: () => Promise<void>): void {\n  work();\n}\n',
  },
  {
    gate: 'lint',
    what: 'a switch that forgets a case',
    file: 'packages/agent/src/planted.ts',
    text: "export function planted(of: 'a' | 'b'): number {\n  switch (of) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
  },
  {
    gate: 'lint',
    what: 'a clock in core',
    file: 'packages/core/src/planted.ts',
    text: 'export function planted(): number {\n  return Date.now();\n}\n',
  },
  {
    gate: 'lint',
    what: 'chance in core',
    file: 'packages/core/src/planted.ts',
    text: 'export function planted(): number {\n  return Math.random();\n}\n',
  },
  {
    gate: 'lint',
    what: 'a built-in module in core',
    file: 'packages/core/src/planted.ts',
    text: "import { readFileSync } from 'node:fs';\n\nexport const planted = readFileSync;\n",
  },
  {
    gate: 'lint',
    what: 'a circle of imports',
    file: 'packages/core/src/assert.ts',
    text: "export { step as planted } from './step.ts';\n",
    appended: true,
  },
  { gate: 'types', what: 'a wrong type', file: 'packages/agent/src/planted.ts', text: "export const planted: number = 'one';\n" },
  {
    gate: 'workflows',
    what: 'a step that does not exist in the language of workflows',
    file: '.github/workflows/ci.yml',
    text: '      - runs: npm test\n',
    appended: true,
  },
  {
    gate: 'workflows',
    what: 'an action that is named by a tag',
    file: '.github/workflows/ci.yml',
    text: '      - uses: actions/checkout@v4\n',
    appended: true,
  },
  {
    gate: 'workflows',
    what: 'a secret for what anybody asks to be merged',
    file: '.github/workflows/ci.yml',
    text: '      - run: npm run try\n        env:\n          KEY: ${{ secrets.KEY }}\n',
    appended: true,
  },
  {
    gate: 'workflows',
    what: 'a workflow that says nothing of permissions',
    file: '.github/workflows/planted.yml',
    text: 'on: push\nconcurrency: planted\njobs:\n  planted:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm test\n',
  },
  { gate: 'types of core', what: 'a timer in core', file: 'packages/core/src/planted.ts', text: 'export const planted = setTimeout;\n' },
  {
    gate: 'types in Deno',
    what: 'a wrong type on the way from main.ts',
    file: 'apps/sluice/src/version.ts',
    text: "export const planted: number = 'one';\n",
    appended: true,
  },
  {
    gate: 'boundaries',
    what: 'core that imports the agent',
    file: 'packages/core/src/planted.ts',
    text: "export { startAgent as planted } from '@sluice/agent';\n",
  },
  {
    gate: 'imports',
    what: 'intake that reaches into transport',
    file: 'packages/intake/src/planted.ts',
    text: "export { mountedFolder as planted } from '@sluice/transport';\n",
  },
  {
    gate: 'imports',
    what: 'a path that leaves its package',
    file: 'packages/intake/src/planted.ts',
    text: "export { step as planted } from '../../core/src/step.ts';\n",
  },
  { gate: 'unused', what: 'a file that nobody imports', file: 'packages/agent/src/planted.ts', text: line },
  {
    gate: 'unused',
    what: 'an export that nobody imports',
    file: 'packages/agent/src/clock.ts',
    text: 'export const planted = 1;\n',
    appended: true,
  },
  {
    gate: 'documents',
    what: 'a page that says something else than the schema',
    file: 'docs/settings.md',
    text: 'planted\n',
    appended: true,
  },
  { gate: 'house style', what: 'a room called utils', file: 'packages/agent/src/utils.ts', text: line },
  { gate: 'house style', what: 'a file of too many lines', file: 'packages/agent/src/planted.ts', text: line.repeat(301) },
  { gate: 'house style', what: 'a default export', file: 'packages/agent/src/planted.ts', text: 'export default 1;\n' },
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

/** The rooms of the copy import each other, not those of the tree it was made from. */
function linkModules(from: string, to: string): void {
  mkdirSync(join(to, '@sluice'), { recursive: true });
  for (const name of readdirSync(from)) if (name !== '@sluice') symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@sluice'))) symlinkSync(join(root, 'packages', name), join(to, '@sluice', name));
}

function gateOf(name: string): (typeof gates)[number] {
  const gate = gates.find((each) => each.name === name);
  if (gate === undefined) throw new Error(`there is no gate ${name}`);
  return gate;
}

test.before(copyTree);
test.after(() => rmSync(root, { recursive: true, force: true }));

for (const gate of gates) {
  test(`${gate.name}: green without a violation`, async () => {
    const { isGreen, output } = await runGate(gate, root);
    assert.ok(isGreen, output);
  });
}

for (const { gate, what, file, text, appended } of plants) {
  test(`${gate}: red with ${what}`, async () => {
    const path = join(root, file);
    if (appended === true) appendFileSync(path, text);
    else writeFileSync(path, text);
    try {
      const { isGreen, output } = await runGate(gateOf(gate), root);
      assert.not.ok(isGreen, 'it stayed green');
      assert.match(output, /planted|utils|assert\.ts|version\.ts|clock\.ts|settings\.md|ci\.yml/);
    } finally {
      if (appended === true) cpSync(file, path);
      else rmSync(path);
    }
  });
}

test('every gate has a violation that turns it red', () => {
  const seen = new Set(plants.map(({ gate }) => gate));
  assert.equal(
    gates.map(({ name }) => name).filter((name) => !seen.has(name)),
    [],
  );
});

test.run();
