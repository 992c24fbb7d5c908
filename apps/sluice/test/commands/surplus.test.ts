import { CommandError, exitCode } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sluiceCommand } from '../../src/program.ts';

type Command = ReturnType<typeof sluiceCommand>;

/** Runs the command line up to the start of the command. @returns the error that refused it; null: the command would have run */
async function refusalOf(...args: readonly string[]): Promise<CommandError | null> {
  const program = sluiceCommand(() => () => Promise.resolve());
  try {
    await program.parseAsync([...args], { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

function allCommands(command: Command, path: readonly string[] = []): (readonly [Command, readonly string[]])[] {
  return command.commands.flatMap((each) => {
    const own = [...path, each.name()];
    return each.commands.length > 0 ? allCommands(each, own) : [[each, own] as const];
  });
}

const commands = allCommands(sluiceCommand(() => () => Promise.resolve()));

test('the test covers every command', () => assert.ok(commands.length >= 24));

for (const [command, path] of commands) {
  const words = command.registeredArguments.map((_, index) => `word${index}`);
  const options = command.options.flatMap(({ mandatory, long }) => (mandatory && long ? [long, '1d'] : []));
  const takesMany = command.registeredArguments.at(-1)?.variadic === true;
  test(`${path.join(' ')}: ${takesMany ? 'takes many words' : 'refuses an extra word, and runs without it'}`, async () => {
    assert.is(await refusalOf(...path, ...options, ...words), null);
    const refused = await refusalOf(...path, ...options, ...words, 'surplus');
    if (takesMany) return assert.is(refused, null);
    assert.is(refused?.exitCode, exitCode.badUsage);
    assert.match(refused?.message ?? '', /^unexpected argument "surplus": sluice .* takes only .*options/);
  });
}

test('a list takes all words up to the next option, and may be given again', async () => {
  let given: unknown;
  const program = sluiceCommand(() => (...args) => {
    given = (args.at(-1) as Command).opts()['exclude'];
    return Promise.resolve();
  });
  await program.parseAsync(['check', '--exclude', '*.txt', '*.log', '--json', '--exclude', 'c'], { from: 'user' });
  assert.equal(given, ['*.txt', '*.log', 'c']);
});

for (const [args, hint] of [
  [['run', '--from', '/src/day', '1', '--to', '/dst'], 'sluice run takes only options. Put quotes around a name or path with a space'],
  [['check', '--exclude=*.txt', '*.log'], 'to give a second pattern, repeat --include'],
  [['stop', 'now'], 'did you mean --now?'],
  [['hold', 'a', 'b'], 'sluice hold takes only <route> and options'],
  [['show', 'a.mov', 'b.mov'], 'sluice show takes only <file> and options'],
  [['status', '--', 'nonsense'], 'sluice status takes only options'],
] as const) {
  test(`${args.join(' ')}: ${hint}`, async () => {
    const refused = await refusalOf(...args);
    assert.is(refused?.exitCode, exitCode.badUsage);
    assert.match(refused?.message ?? '', hint);
  });
}

for (const args of [
  ['--state', '/x', 'status'],
  ['--json', 'files'],
  ['--exclude', 'a', 'run'],
  ['-c', 'x', 'service', 'status'],
]) {
  test(`${args.join(' ')}: an option before its command is refused`, async () => {
    const refused = await refusalOf(...args);
    assert.is(refused?.exitCode, exitCode.badUsage);
    assert.match(refused?.message ?? '', /has no effect before the command: write it after/);
  });
}

test.run();
