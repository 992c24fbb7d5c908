import process, { execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { childCommand, isDeno, passedOnFlags, selfCommand, setMainModule } from '../../src/process/self.ts';

test('selfCommand: starts the named entry with the same runtime', () => {
  setMainModule('/somewhere/main.ts');
  const { command, args } = selfCommand();
  assert.is(command, execPath);
  assert.is(args.at(-1), '/somewhere/main.ts');
  assert.is(args[0] === 'run', isDeno());
});

test('selfCommand: an executable needs no entry', () => {
  Object.defineProperty(process, 'pkg', { value: {}, configurable: true });
  assert.equal(selfCommand(), { command: execPath, args: [] });
  Reflect.deleteProperty(process, 'pkg');
});

test('childCommand: on Linux an executable starts the file that it runs from, whatever is at its path now', () => {
  Object.defineProperty(process, 'pkg', { value: {}, configurable: true });
  const command = process.platform === 'linux' ? '/proc/self/exe' : execPath;
  assert.equal(childCommand(), { command, args: [], argv0: execPath });
  Reflect.deleteProperty(process, 'pkg');
});

test('childCommand: a checkout starts its entry', () => {
  assert.equal(childCommand(), { ...selfCommand(), argv0: execPath });
});

test('passedOnFlags: leaves out the flags that are meant for the parent alone', () => {
  const own = ['--inspect', '--inspect-brk=0', '--watch', '--test', '-e', '--eval', '-p', '-pe', '-c', '-i', '--print'];
  for (const flag of own) assert.equal(passedOnFlags([flag]), [], flag);
  const others = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256', '-r', '--import=x', '--enable-source-maps'];
  assert.equal(passedOnFlags(others), others);
});

test.run();
