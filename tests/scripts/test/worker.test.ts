// real: it starts worker processes
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { groups } from '../../../scripts/test/groups.ts';
import { type Outcome, outcomeOf } from '../../../scripts/test/outcome.ts';
import type { TestFile } from '../../../scripts/test/test-file.ts';
import { Worker } from '../../../scripts/test/worker.ts';

const test = suite<{ folder: string; worker: Worker }>('Worker');

test.before.each((context) => {
  mkdirSync('.test', { recursive: true });
  // Below the tree, so that the files find uvu.
  context.folder = mkdtempSync(join('.test', 'worker-'));
  context.worker = new Worker({});
});
test.after.each(async ({ folder, worker }) => {
  await worker.end();
  rmSync(folder, { recursive: true });
});

interface Stage {
  readonly folder: string;
  readonly worker: Worker;
}

async function runText({ folder, worker }: Stage, name: string, text: string, more: Partial<TestFile> = {}): Promise<Outcome> {
  const path = relative('.', join(folder, `${name}.test.mjs`));
  writeFileSync(path, `import { test } from 'uvu';\n${text}\ntest.run();\n`);
  const [group] = groups;
  if (group === undefined) throw new Error('there is no group');
  const file: TestFile = { path, group, isAlone: false, isReal: true, needsOwnProcess: false, timeoutMs: 10_000, ...more };
  return outcomeOf(name, await worker.run(file), file.timeoutMs);
}

const sayPid = "test('pid', () => console.log('skipped: pid ' + process.pid));";

test('files share a process, unless one asks for its own', async (context) => {
  const pids: string[] = [];
  for (const [name, needsOwnProcess] of [
    ['a', false],
    ['b', false],
    ['c', true],
    ['d', false],
  ] as const)
    pids.push(...(await runText(context, name, sayPid, { needsOwnProcess })).skipped);
  assert.is(pids.length, 4);
  assert.is(pids[0], pids[1]);
  assert.is(new Set(pids).size, 3);
});

test('a file that fails, throws or ends its process costs only itself', async (context) => {
  const failing = await runText(context, 'failing', "test('a', () => {}); test('b', () => { throw new Error('on purpose'); });");
  assert.equal([failing.passed, failing.failed], [1, 1]);
  assert.match(failing.output, 'on purpose');
  const throwing = await runText(context, 'throwing', "throw new Error('at import');");
  assert.equal([throwing.passed, throwing.failed], [0, 1]);
  const ending = await runText(context, 'ending', "test('a', () => {}); test('b', () => process.exit(0));");
  assert.is(ending.failed, 1);
  const good = await runText(context, 'good', "test('a', () => {});");
  assert.equal([good.passed, good.failed], [1, 0]);
});

test('a file that does not end is ended at its limit, and the next one runs', async (context) => {
  const late = await runText(context, 'late', "test('a', () => new Promise(() => setInterval(() => {}, 1000)));", { timeoutMs: 1_500 });
  assert.match(late.output, 'ended at its limit of 1.5 s');
  assert.is((await runText(context, 'next', "test('a', () => {});")).failed, 0);
});

test.run();
