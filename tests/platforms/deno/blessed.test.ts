import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blessedPlugin } from '../../../scripts/blessed/plugin.ts';
import { runProcess } from '../../../scripts/run-process.ts';

const house = join(import.meta.dirname, '../../..');
const tests = join(house, 'packages/tui/test/blessed');
const main = join(tests, 'blessed-main.ts');
const deno = ['deno', 'run', '--allow-env', '--allow-read', '--allow-sys'];

async function outputOf(command: readonly string[], cwd: string): Promise<unknown> {
  const [program = '', ...args] = command;
  const path = program === 'deno' ? execPath : program;
  const all = program === 'deno' ? [join(house, 'scripts/deno.mjs'), ...args] : args;
  const { code, output } = await runProcess(path, all, { cwd, timeoutMs: 60_000 });
  assert.is(code, 0, output);
  return JSON.parse(output.slice(output.indexOf('{"text"')));
}

const node = [execPath, '--disable-warning=ExperimentalWarning'];
const wanted = await outputOf([...node, main], house);

test('loadBlessed: draws and reads under Node', () => {
  const { text, keys } = wanted as { text: string; keys: string[] };
  assert.match(text, '┌ one 日本 ┐');
  assert.equal(keys, ['up', 'mousedown']);
});

test('loadBlessed: does the same under Deno, without unsafe prototypes', async () => {
  assert.equal(await outputOf([...deno, main], house), wanted);
});

test('terminfo: the committed module equals the output of the script', async () => {
  const { code, output } = await runProcess(execPath, [join(house, 'scripts/blessed/terminfo.ts'), '--check'], { timeoutMs: 30_000 });
  assert.is(code, 0, output);
});

test('blessedPlugin: a bundle does the same under Node and Deno, without blessed and the terminal descriptions of the machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'));
  try {
    const outfile = join(folder, 'main.cjs');
    await build({
      entryPoints: [main],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
      plugins: [blessedPlugin()],
    });
    assert.not(existsSync(join(dirname(outfile), 'node_modules')));
    assert.equal(await outputOf([...node, outfile], folder), wanted);
    assert.equal(await outputOf([...deno, outfile], folder), wanted);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('blessedPlugin: the build fails if a file of blessed is missing', async () => {
  const bundling = build({
    stdin: { contents: "require('blessed/lib/events.js')", resolveDir: tests },
    bundle: true,
    write: false,
    platform: 'node',
    logLevel: 'silent',
    plugins: [blessedPlugin()],
  });
  await rejects(bundling, /these files of blessed are not in the bundle: .*lib\/program\.js/);
});

test('blessedPlugin: the build fails if an unused file of blessed would be included', async () => {
  const bundling = build({
    stdin: { contents: "require('blessed/lib/widgets/list.js')", resolveDir: tests },
    bundle: true,
    write: false,
    platform: 'node',
    logLevel: 'silent',
    plugins: [blessedPlugin()],
  });
  await rejects(bundling, /lib\/widgets\/list\.js is not one of the files that Sluice uses/);
});

async function rejects(promise: Promise<unknown>, expected: RegExp): Promise<void> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason as Error,
  );
  assert.match(error?.message ?? 'it went well', expected);
}

test.run();
