import { AuditFailed } from '@sluice/audit';
import { nearest } from '@sluice/config';
import { JournalUnusable } from '@sluice/persistence';
import { clean, exitCode } from '@sluice/words';
import type { Command } from 'commander';
import { addAcknowledge } from './commands/act/acknowledge.ts';
import { addActions } from './commands/act/act.ts';
import { addAdopt } from './commands/act/adopt.ts';
import { addClear } from './commands/act/clear.ts';
import { addLeftovers } from './commands/act/leftovers.ts';
import { addSteering } from './commands/act/steer.ts';
import { addFiles } from './commands/ask/files.ts';
import { addHistory } from './commands/ask/history.ts';
import { addLog } from './commands/ask/log.ts';
import { addShow } from './commands/ask/show.ts';
import { addStatus } from './commands/ask/status.ts';
import { addSafe } from './commands/audit/safe.ts';
import { addVerify } from './commands/audit/verify.ts';
import { addFolderOptions, addRouteOptions, addWhereOptions } from './commands/base/options.ts';
import type { Program } from './commands/base/program.ts';
import { addPortableOption } from './commands/base/stick.ts';
import { refuseSurplus } from './commands/base/surplus.ts';
import { addJournal } from './commands/journal/journal.ts';
import { addDemo } from './commands/life/demo.ts';
import { addReload } from './commands/life/reload.ts';
import { addRun } from './commands/life/run.ts';
import { addStart } from './commands/life/start.ts';
import { addStop } from './commands/life/stop.ts';
import { type ScreenOptions, screen } from './commands/screen/screen.ts';
import { addCheck } from './commands/setup/check.ts';
import { addInit } from './commands/setup/init.ts';
import { addKit } from './commands/setup/kit.ts';
import { addService } from './commands/setup/service.ts';
import { failWith } from './explain-error.ts';
import { complain, flush, say } from './output.ts';
import { emptyCommand, runCommandLine } from './run-command.ts';
import { version, versionText } from './version.ts';

const commands: readonly ((program: Program) => void)[] = [
  addRun,
  addStart,
  addStop,
  addReload,
  addStatus,
  addFiles,
  addHistory,
  addLog,
  addShow,
  addActions,
  addAcknowledge,
  addSteering,
  addAdopt,
  addLeftovers,
  addVerify,
  addSafe,
  addClear,
  addJournal,
  addCheck,
  addInit,
  addService,
  addKit,
  addDemo,
];

/** Runs the command line. @returns the exit code */
export async function runProgram(args: readonly string[]): Promise<number> {
  if (args.length === 2 && args[0] === 'completion' && args[1] === 'bash') return sayBashCompletion();
  const make = async (does: Program['does']): Promise<Command> => {
    const command = sluiceCommand(does);
    await addCompletion(command, args);
    return command;
  };
  return await runCommandLine(args, make, explainJournal);
}

/** @returns null if the error is not about the journal */
function explainJournal(error: unknown): number | null {
  if (error instanceof AuditFailed && error.isJournal) return failWith(error.message, exitCode.journalUnusable);
  if (!(error instanceof JournalUnusable)) return null;
  return failWith(`${error.operator} (${error.technical})`, exitCode.journalUnusable);
}

/**
 * The completion script for bash. The library's own script needs the package bash-completion, which minimal machines lack, and
 * declares read-only variables, which fail when it is read a second time.
 */
const bashCompletion = `# bash completion for sluice
_sluice_complete() {
    local current=\${COMP_WORDS[COMP_CWORD]} line value
    COMPREPLY=()
    while IFS= read -r line; do
        value=\${line%%$'\\t'*}
        # The last line is a number for shells that know more.
        if [[ $value != :* && $value == "$current"* ]]; then COMPREPLY+=("$value"); fi
    done < <("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _sluice_complete sluice`;

function sayBashCompletion(): number {
  say(bashCompletion);
  flush();
  return exitCode.done;
}

/** Returns every command with its options. Documents and completions are made from them too. */
export function sluiceCommand(does: Program['does']): Command {
  const command = emptyCommand();
  command
    .description('copy files, also while they grow, from a folder to network storage, and verify every byte')
    .option('--version', 'show the version')
    .option('--json', 'with --version: show it as JSON')
    .helpCommand('help [command]', 'show the options of a command');
  for (const add of commands) add({ command, does });
  addPortableOption(addRouteOptions(addFolderOptions(addWhereOptions(command)), { isHidden: true }))
    .option('--read-only', 'open a screen that gives no orders')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .option('--unicode', 'draw the screen with line-drawing characters')
    .option('--bell', 'ring the bell when trouble begins and ends')
    .action(does((options: BareOptions) => bare(command, options)));
  refuseSurplus(command);
  return command;
}

interface BareOptions extends ScreenOptions {
  readonly version?: boolean;
  readonly json?: boolean;
}

/** Runs `sluice` alone, or `sluice --version`. */
async function bare(command: Command, options: BareOptions): Promise<number> {
  const [unknown] = command.args;
  if (unknown !== undefined) {
    complain(clean(`sluice: ${unknownCommandText(unknown, visibleNames(command))}`));
    return exitCode.badUsage;
  }
  if (options.version === true) {
    say(
      options.json === true
        ? JSON.stringify({ v: 1, version, node: process.version, platform: process.platform, arch: process.arch })
        : versionText(version),
    );
    return exitCode.done;
  }
  return await screen(options);
}

/**
 * Returns the message for an unknown command. Of two names that are equally similar, the one with the same length is suggested: two
 * letters were swapped.
 */
export function unknownCommandText(given: string, names: readonly string[]): string {
  const off = (name: string): number => Math.abs(name.length - given.length);
  const near = nearest(
    given,
    names.toSorted((a, b) => off(a) - off(b)),
  );
  const hint = near === null ? '.' : `. Did you mean ${JSON.stringify(near)}?`;
  return `unknown command ${JSON.stringify(given)}${hint} "sluice --help" lists the commands`;
}

function visibleNames(command: Command): readonly string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name());
}

/** The words that a shell uses, and a person. */
const words: ReadonlySet<string | undefined> = new Set(['complete', 'completion']);

/**
 * Adds completion. `completion bash|zsh|fish|powershell` prints a script for a shell, and the script then calls the hidden
 * `complete`. Both are made from the commands so far, and the code for them is loaded only when it is needed.
 */
async function addCompletion(command: Command, args: readonly string[]): Promise<void> {
  if (words.has(args[0])) {
    const { default: tab } = await import('@bomb.sh/tab/commander');
    tab(command, { completionCommandName: 'completion' });
    return;
  }
  command
    .command('completion')
    .description('write a script that completes commands in a shell: sluice completion bash')
    .argument('<shell>');
}
