// real: it starts worker processes
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { groups } from '../../../scripts/test/groups.ts';
import { type Outcome, outcomeOf } from '../../../scripts/test/outcome.ts';
import { runFiles } from '../../../scripts/test/pool.ts';
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

function fileOf({ folder }: Stage, name: string, text: string, more: Partial<TestFile> = {}): TestFile {
  const path = relative('.', join(folder, `${name}.test.mjs`));
  writeFileSync(path, `import { test } from 'uvu';\n${text}\ntest.run();\n`);
  const [group] = groups;
  if (group === undefined) throw new Error('there is no group');
  return { path, group, isAlone: false, isReal: true, needsOwnProcess: false, timeoutMs: 10_000, ...more };
}

async function runText(stage: Stage, name: string, text: string, more: Partial<TestFile> = {}): Promise<Outcome> {
  const file = fileOf(stage, name, text, more);
  return outcomeOf(name, await stage.worker.run(file), file.timeoutMs);
}

/** Runs them one after the other, like the runner. */
async function runAll(files: readonly TestFile[]): Promise<readonly Outcome[]> {
  return await runFiles(
    files.map((file) => ({ ...file, isAlone: true })),
    { secondsOf: () => 1, executables: null, onOutcome: () => {} },
  );
}

const sayPid = "test('pid', () => console.log('skipped: pid ' + process.pid));";

test('files share a process, unless one has the process mark', async (context) => {
  const files = (['a', 'b', 'c', 'd'] as const).map((name) => fileOf(context, name, sayPid, { needsOwnProcess: name === 'c' }));
  const pids = (await runAll(files)).flatMap(({ skipped }) => skipped);
  assert.is(pids.length, 4);
  assert.is(pids[0], pids[1]);
  assert.is(new Set(pids).size, 3);
});

test('an unhandled rejection fails the file; one after the last file fails the run', async (context) => {
  const reject = "Promise.reject(new Error('on purpose'));";
  const during = await runText(context, 'during', `test('a', () => { ${reject} });`);
  assert.equal([during.failed, /unhandled rejection in .*during.*on purpose/.test(during.output)], [1, true]);
  const later = fileOf(context, 'later', `test('a', () => { setTimeout(() => { ${reject} }, 200); });`);
  const exitCode = fileOf(context, 'exit-code', "process.on('exit', () => { process.exitCode = 3; }); test('a', () => {});");
  for (const file of [later, exitCode]) {
    const outcomes = await runAll([file]);
    assert.equal(
      outcomes.map(({ passed, failed }) => [passed, failed]),
      [
        [1, 0],
        [0, 1],
      ],
    );
    assert.is(outcomes[1]?.name, `after ${file.path}`);
  }
});

test('a program that a test left running delays nothing', async (context) => {
  const spawning = "import { spawn } from 'node:child_process';";
  const text = `${spawning} test('a', () => { spawn('sleep', ['60'], { detached: true, stdio: 'inherit' }).unref(); });`;
  const began = performance.now();
  const [outcome] = await runAll([fileOf(context, 'leaves', text)]);
  assert.is(outcome?.failed, 0);
  assert.ok(performance.now() - began < 30_000, 'it was not waited for');
});

test('exit handlers run in spite of a server that a test left running', async (context) => {
  const path = join(context.folder, 'removed');
  const handler = `process.on('exit', () => writeFileSync(${JSON.stringify(path)}, ''));`;
  const text = `test('a', () => { ${handler} createServer().listen(0, '127.0.0.1'); });`;
  const imports = "import { createServer } from 'node:net'; import { writeFileSync } from 'node:fs';";
  const [outcome, ...others] = await runAll([fileOf(context, 'serving', `${imports} ${text}`)]);
  assert.equal([outcome?.passed, outcome?.failed, others], [1, 0, []]);
  assert.ok(existsSync(path));
});

test('a file that fails, throws or ends its process affects only itself', async (context) => {
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

const throws = (what: string): string => `() => { throw new Error('thrown by ${what}'); }`;
const twoTests = "test('a', () => {}); test('b', () => {});";

for (const { hook, text, passed, failed } of [
  { hook: 'before', text: twoTests, passed: 0, failed: 2 },
  { hook: 'after', text: twoTests, passed: 2, failed: 1 },
  { hook: 'before.each', text: twoTests, passed: 0, failed: 2 },
  { hook: 'after.each', text: twoTests, passed: 0, failed: 2 },
]) {
  test(`what a ${hook} hook throws is printed, and the file fails`, async (context) => {
    const outcome = await runText(context, hook, `test.${hook}(${throws(hook)}); ${text}`);
    assert.equal([outcome.passed, outcome.failed], [passed, failed]);
    assert.match(outcome.output, `thrown by ${hook}`);
    assert.match(outcome.output, `${hook}.test.mjs:2:`, 'with the place');
    const next = await runText(context, 'next', twoTests);
    assert.equal([next.passed, next.failed], [2, 0], 'the next file is not affected');
  });
}

test('a hook of a suite with a name is reported under it, and the suites that follow run', async (context) => {
  const suites = ['before', 'after'].map(
    (hook) => `const ${hook} = suite('the ${hook} suite'); ${hook}.${hook}(${throws(hook)}); ${hook}('c', () => {}); ${hook}.run();`,
  );
  const outcome = await runText(context, 'suites', `import { suite } from 'uvu'; ${suites.join(' ')} ${twoTests}`);
  assert.equal([outcome.passed, outcome.failed], [3, 1]);
  assert.match(outcome.output, 'the before suite: before hook: Error: thrown by before');
  assert.match(outcome.output, 'the after suite: after hook: Error: thrown by after');
});

test('if a test fails and its after.each hook throws, both errors are printed, and the next test runs', async (context) => {
  const hooks = `let count = 0; test.after.each(() => { count += 1; if (count === 1) throw new Error('thrown by after.each'); });`;
  const outcome = await runText(context, 'both', `${hooks} test('a', ${throws('the test')}); test('b', () => {});`);
  assert.equal([outcome.passed, outcome.failed], [1, 1]);
  assert.match(outcome.output, 'after.each hook of "a": Error: thrown by after.each');
  assert.match(outcome.output, /FAIL {2}"a"\s+thrown by the test/);
});

for (const { what, thrown, shown } of [
  { what: 'text', thrown: "'not an error'", shown: "'not an error' was thrown" },
  { what: 'nothing', thrown: 'undefined', shown: 'undefined was thrown' },
  {
    what: 'an assertion about symbols',
    thrown: "Object.assign(new Error('differ'), { name: 'AssertionError', actual: Symbol('x'), expected: 1 })",
    shown: 'actual: Symbol(x)',
  },
]) {
  test(`a test that throws ${what} fails with a message, and the next test runs`, async (context) => {
    const outcome = await runText(context, 'odd', `test('a', () => { throw ${thrown}; }); test('b', () => {});`);
    assert.equal([outcome.passed, outcome.failed], [1, 1]);
    assert.match(outcome.output, shown);
  });
}

test('stories: they run at the same time, one that fails affects only itself, and each is removed with its own agents', async (context) => {
  const bed = (name: string): string => `'../../tests/bed/${name}.ts'`;
  const outcome = await runText(
    context,
    'stories',
    `import { setImmediate as turn } from 'node:timers/promises';
     import { runningAgents } from ${bed('own-agents')};
     import { stories } from ${bed('stories')};
     const begun = new Set();
     const remove = async (name) => console.log('noted: ' + name + ' is removed with ' + [...runningAgents()]);
     const story = stories('side by side', 2, { make: async () => 'stage ' + begun.size, remove });
     const meet = async (name, other) => { begun.add(name); runningAgents().add(name); while (!begun.has(other)) await turn(); };
     story('one', () => meet('one', 'two'));
     story('two', async () => { await meet('two', 'one'); throw new Error('thrown by two'); });
     story('three', async () => { begun.add('three'); });
     story.run();
     ${twoTests}`,
  );
  assert.equal([outcome.passed, outcome.failed], [4, 1]);
  assert.match(outcome.output, /FAIL.*"two"\s+thrown by two/);
  for (const agents of ['one', 'two', '']) assert.match(outcome.output, new RegExp(`stage \\d is removed with ${agents}\n`));
});

test('a file that does not end is ended at its limit, and the next one runs', async (context) => {
  const late = await runText(context, 'late', "test('a', () => new Promise(() => setInterval(() => {}, 1000)));", { timeoutMs: 1_500 });
  assert.match(late.output, 'ended at its limit of 1.5 s');
  assert.is((await runText(context, 'next', "test('a', () => {});")).failed, 0);
});

test.run();
