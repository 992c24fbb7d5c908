import { CommandError, exitCode } from '@sluice/words';
import type { Command } from 'commander';

/** Refuses every word that no command takes, and every option that stands before its command, so that nothing is silently ignored. */
export function refuseSurplus(program: Command): void {
  program.hook('preSubcommand', (above, below) => assertNoOptions(above, below));
  program.hook('preAction', (_, command) => {
    // The program itself reports an unknown command.
    if (command !== program) assertNoSurplus(command);
  });
}

/** @throws CommandError */
function assertNoSurplus(command: Command): void {
  const { registeredArguments: places, args } = command;
  const word = args[places.length];
  if (word === undefined || places.at(-1)?.variadic === true) return;
  throw badUsage(`unexpected argument ${JSON.stringify(word)}: ${hint(command, word)}`);
}

function hint(command: Command, word: string): string {
  const { options, registeredArguments: places } = command;
  const flag = options.find(({ long }) => long === `--${word}`)?.long;
  if (flag !== undefined) return `did you mean ${flag}?`;
  const taken = places.length === 0 ? 'options' : `${places.map((place) => `<${place.name()}>`).join(' ')} and options`;
  const list = options.find(({ variadic }) => variadic)?.long;
  const again = list === undefined ? '' : `; to give a second pattern, repeat ${list}`;
  return `${pathOf(command)} takes only ${taken}. Put quotes around a name or path with a space${again}`;
}

/** An option of the program alone would be ignored if a command follows. @throws CommandError */
function assertNoOptions(above: Command, below: Command): void {
  const given = above.options.find((option) => above.getOptionValueSource(option.attributeName()) === 'cli');
  if (given === undefined) return;
  throw badUsage(`${given.long} has no effect before the command: write it after ${JSON.stringify(below.name())}`);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function badUsage(message: string): CommandError {
  return new CommandError(message, exitCode.badUsage);
}
