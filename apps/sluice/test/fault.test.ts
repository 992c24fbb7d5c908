// real: it starts the program
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faultText } from '../src/fault.ts';

const main = join(import.meta.dirname, '../src/main.ts');

/** Runs the program after code that plants a fault in it; with a channel, like a child. */
async function run(planted: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const preload = `data:text/javascript,${encodeURIComponent(planted)}`;
  const flags = ['--disable-warning=ExperimentalWarning', '--import', preload];
  const child = spawn(execPath, [...flags, main, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...env, ...more } });
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
}

const inACommand = 'JSON.stringify = () => { throw new RangeError("planted\\u001b[2J here") };';
const inAChild = 'setTimeout(() => { throw new TypeError("planted later") }, 300);';
const inAPromise = 'setTimeout(() => { Promise.reject(new Error("planted, rejected")) }, 300);';

test("endOnFault: a fault in a command is one line with its name and message, and none of the program's code", async () => {
  const { status, stdout, stderr } = await run(inACommand, ['--version', '--json']);
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.is(
    stderr,
    `sluice: internal error: RangeError: planted [2J here; please report it with the command and the output of "sluice --version"\n`,
  );
});

test('endOnFault: a fault in a child, and an unhandled rejection, are one line too', async () => {
  const children = [await run(inAChild, ['__child', 'survey']), await run(inAPromise, ['__child', 'prober'])];
  assert.equal(
    children.map(({ status }) => status),
    [1, 1],
  );
  assert.match(children[0]?.stderr ?? '', /^sluice: internal error: TypeError: planted later; [^\n]+\n$/u);
  assert.match(children[1]?.stderr ?? '', /^sluice: internal error: Error: planted, rejected; [^\n]+\n$/u);
});

const inAFolderThatIsGone = `
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const gone = mkdtempSync(join(tmpdir(), 'sluice-gone-'));
process.chdir(gone);
rmdirSync(gone);
`;

test('a working folder that has been removed gives one clear error', async () => {
  for (const command of [['status'], ['files'], ['run', '--from', 'a', '--to', 'b'], ['check', '-c', 'sluice.toml']])
    assert.equal(await run(inAFolderThatIsGone, command), {
      status: 2,
      stdout: '',
      stderr: 'sluice: the current folder has been removed; change to another folder and try again\n',
    });
});

test('endOnFault: developers can get the stack', async () => {
  assert.match((await run(inACommand, ['--version', '--json'], { SLUICE_STACK: '1' })).stderr, /\n +at /u);
});

test('runChildKind: a name that only Object.prototype has is not a kind', async () => {
  for (const kind of ['__proto__', 'constructor', 'none'])
    assert.equal(await run('', ['__child', kind]), { status: 2, stdout: '', stderr: '' });
});

test('a child of another version than the agent that started it refuses with a message', async () => {
  const { status, stderr } = await run('', ['__child', 'prober'], { SLUICE_PARENT_VERSION: '0.0.1' });
  assert.is(status, 2);
  assert.match(
    stderr,
    /^the program was replaced while its agent runs: this is sluice \S+, the agent is sluice 0\.0\.1; run "sluice restart"\n$/,
  );
});

test('faultText: any message gives one short line', () => {
  assert.ok(faultText(new Error('x'.repeat(100_000)), false).length < 2_000);
  assert.match(faultText('a\nb', false), /thrown: a b;/u);
  assert.match(faultText('a\u2028b\u202ec', false), /thrown: a b c;/u);
});

test.run();
