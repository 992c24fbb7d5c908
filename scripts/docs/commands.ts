import { sluiceCommand } from '../../apps/sluice/src/program.ts';
import { routeOptions } from '../../packages/config/src/schema/options.ts';

type Command = ReturnType<typeof sluiceCommand>;
type Argument = Command['registeredArguments'][number];
type Option = Command['options'][number];

const head = `# Commands

This page is generated from the commands with \`npm run docs\`. \`sluice help COMMAND\` prints the same
text for one command. In a checkout every command is \`npm run sluice -- …\`.

| word | stands for |
| --- | --- |
| FILE | an id, the beginning of one, a name or a glob such as \`'day2/*.mxf'\` |
| T, in \`--since T\` | \`today\`, \`18:00\`, \`6h\`, a date, or RFC 3339; local time unless it has a zone |
| \`-c FILE\`, \`--state DIR\` | the agent. Without them Sluice looks next to the executable, then for one of the machine, then for one of the user |

A command that takes settings as options takes all of [settings.md](settings.md). Options win over
\`sluice.toml\`.

While no agent runs, \`files\`, \`history\`, \`log\` and \`show\` read the journal, and say so on standard
error.

## Exit codes

| exit code | meaning |
| --- | --- |
| 0 | done; everything is as asked |
| 1 | done, but something is not as asked: files failed, a difference was found, a person is needed |
| 2 | bad usage or bad configuration; nothing was changed |
| 3 | no agent is running, or this user may not use its socket |
| 4 | the journal cannot be used; also the end of an agent that was stopped while its journal could not be written |
| 5 | an agent already runs on this state folder or on this route |
| 129, 130, 143 | ended by a closed terminal (SIGHUP), SIGINT or SIGTERM, cleanly |

\`sluice status\` ends with 0 also if something is wrong; \`sluice status --check\` ends with 1 then.
`;

/** Options that `docs/settings.md` lists. */
const settingFlags: ReadonlySet<string> = new Set(routeOptions.flatMap(({ name }) => [`--${name}`, `--no-${name}`]));

/** Every command with its arguments and options, as Markdown. */
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
    : 'The screen of the running agent. If no agent runs, it offers to start one, or to set one up';
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
