import { sluiceCommand } from '../../apps/sluice/src/program.ts';
import { routeOptions } from '../../packages/config/src/schema/options.ts';

type Command = ReturnType<typeof sluiceCommand>;
type Argument = Command['registeredArguments'][number];
type Option = Command['options'][number];

const head = `# Commands

Made by \`npm run docs\` from the commands. FILE is an id, the beginning of an id, a name or a glob.
T is \`today\`, \`18:00\`, \`6h\`, a date, or RFC 3339. A command that takes settings takes each one
of [settings.md](settings.md) as an option. \`-c\` and \`--state\` choose the agent; without them
Sluice looks next to the executable, then in the folders of the machine, then in those of the user.

On a terminal, what is longer than the screen comes page by page: in \`less\`, or in the pager that
\`SLUICE_PAGER\` or \`PAGER\` names (\`PAGER=cat\`: in none). \`NO_COLOR=1\` turns colours off.

| exit code | meaning |
| --- | --- |
| 0 | done; everything you asked for is true |
| 1 | done, but something is not as you asked |
| 2 | wrong usage or a wrong configuration; nothing was changed |
| 3 | no agent is running, or it belongs to another user |
| 4 | the journal cannot be used; or the agent was stopped while its journal could not be written |
| 5 | an agent already runs on this state folder, or on this route |
| 129, 130, 143 | ended cleanly by a closed terminal (SIGHUP), SIGINT, SIGTERM |

[messages.md](messages.md#exit-codes) has the cause and the remedy of each.
`;

/** Options that `docs/settings.md` describes. */
const settingFlags: ReadonlySet<string> = new Set(routeOptions.flatMap(({ name }) => [`--${name}`, `--no-${name}`]));

/** Returns every command with its arguments and options, as Markdown. */
export function commandDocument(): string {
  const command = sluiceCommand(() => () => Promise.resolve());
  return `${[head, section(command, 'sluice'), ...below(command, 'sluice')].join('\n')}`;
}

function below(command: Command, path: string): readonly string[] {
  return command.commands.flatMap((each) => {
    const name = `${path} ${each.name()}`;
    return [...(each.commands.length > 0 ? [] : [section(each, name)]), ...below(each, name)];
  });
}

function section(command: Command, path: string): string {
  const shown = command.options.filter(({ long, hidden }) => !hidden && !settingFlags.has(long ?? ''));
  const takesSettings = command.options.some(({ long, hidden }) => !hidden && settingFlags.has(long ?? ''));
  const rows = shown.map(row);
  const table = rows.length === 0 ? '' : `\n| option | |\n| --- | --- |\n${rows.join('\n')}\n`;
  return `## \`${[path, ...command.registeredArguments.map(argument)].join(' ')}\`\n\n${sentence(command, takesSettings)}\n${table}`;
}

function sentence(command: Command, takesSettings: boolean): string {
  const said = isBelow(command)
    ? command.description()
    : 'Open the screen of the running agent; where none runs, it offers to start one, or to set one up';
  return `${said[0]?.toUpperCase()}${said.slice(1)}.${takesSettings ? ' Takes settings as options.' : ''}`;
}

function isBelow(command: Command): boolean {
  return command.parent !== null;
}

function argument(each: Argument): string {
  const name = each.name() + (each.variadic ? '...' : '');
  return each.required ? `<${name}>` : `[${name}]`;
}

function row({ flags, description }: Option): string {
  return `| \`${flags.replaceAll('|', '\\|')}\` | ${description.replaceAll('|', '\\|')} |`;
}
