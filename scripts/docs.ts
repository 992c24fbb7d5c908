// Writes the documents that are made from the program. With --check it only reports whether they are up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv, exit, stderr } from 'node:process';
import { catalogue, rateSettings, type Setting } from '../packages/config/src/schema/catalogue.ts';
import { routeOptions } from '../packages/config/src/schema/options.ts';
import { commandDocument } from './docs/commands.ts';
import { messageDocument } from './docs/messages.ts';
import { referenceParts } from './docs/reference.ts';
import { boundaryTags, roomTable } from './gates/rooms.ts';

const settings = `# Settings

This page is generated from the schema of \`sluice.toml\` with \`npm run docs\`. \`sluice init\` writes a
\`sluice.toml\` with comments, and \`sluice check\` prints every setting with its value and its origin.

A route needs \`source\` and \`destination\`. Every other setting has a default. Relative paths are
relative to the file. Options win over the file, for all of its routes.

Sluice looks for \`sluice.toml\` at the path given by \`-c\`, next to the executable, in the folder of
the machine (\`/etc/sluice\` on Linux) and in the user's configuration folder.

| kind of value | written as |
| --- | --- |
| duration | \`"500ms"\`, \`"10s"\`, \`"5m"\`, \`"2h"\` |
| size | \`"512KB"\`, \`"10MB"\`, \`"2GB"\` (powers of 1000); \`KiB\`, \`MiB\`, \`GiB\` (powers of 1024) |
| share of a disk, where the size of a disk is meant | \`"5%"\` |

## Patterns

\`include\`, \`exclude\` and \`growing.include\` hold patterns of paths relative to the source. On the
command line an option takes several patterns, and can be repeated. Quote them, or the shell expands
them. Patterns ignore upper and lower case, and the Unicode form of a character.

| pattern | matches |
| --- | --- |
| \`*\` | any characters within a name |
| \`?\` | one character of a name |
| \`{a,b}\` | \`a\` or \`b\`; braces can be nested |
| \`**\` between slashes | any number of folders, also none |
| \`proxy\`, \`*.mxf\` (no \`/\`) | a file or folder of that name, at any depth |
| \`day1/*.mxf\`, \`./proxy\` | a path that begins at the source |
| \`proxy/\` | folders of that name at any depth, and everything in them |
| \`day1/proxy/\`, \`proxy/**\` | the folder at that path, and everything in it |

Every other character stands for itself, also parentheses, brackets, \`!\`, \`+\`, \`@\`, spaces, and
commas within a name. Sluice refuses what looks like another dialect, and names the right form:
\`!name\`, \`[0-9]\`, \`(a|b)\`, a backslash, outer quotes or spaces, \`*.mxf,*.mov\`, a leading \`/\`,
\`..\` and \`//\`.

\`exclude\` wins over \`include\`. These are left alone without a pattern:

- names that begin with a dot;
- temporary files of browsers, download managers and transfer tools, such as \`*.tmp\`, \`*.part\`,
  \`*.partial\`, \`*.filepart\`, \`*.crdownload\`;
- system files: \`Thumbs.db\`, \`desktop.ini\`;
- recycle bins and system folders, such as \`$RECYCLE.BIN\`, \`System Volume Information\`, \`#recycle\`,
  \`@eaDir\`, \`lost+found\`;
- empty files.

An \`include\` pattern that names such a file or folder wins over this list: \`**/.proxies/**\`,
\`*.part\`, \`#recycle/\`. A wildcard in its place does not. \`sluice check\`, \`sluice status\` and the log
name what is left alone, and the patterns that match nothing.

`;

const rates = `A route may have several of these tables. The first one that applies replaces \`max_rate\`; if none
applies, \`max_rate\` counts. Times are those of the local clock of the machine:

\`\`\`toml
[[route]]
name = "ingest"
source = "/ingest"
destination = "/mnt/nas/ingest"
max_rate = "80MB"

[[route.rate]]                        # while people work
from = "08:00"
to = "18:00"
days = ["mon", "tue", "wed", "thu", "fri"]
max_rate = "20MB"

[[route.rate]]                        # from Friday, 22:00, to Saturday, 06:00
from = "22:00"
to = "06:00"
days = ["fri"]
max_rate = ""
\`\`\`

When summer time begins, times that the clock skips do not happen on that day. When it ends, times that
the clock shows twice happen twice. \`sluice status\` shows the limit that applies and until when.
`;

write('docs/settings.md', `${settings}${tables().join('\n')}`, 'the schema');
write('docs/cli.md', commandDocument(), 'the commands');
write('docs/messages.md', messageDocument(), 'the tables of messages');
const reference = referenceParts();
write('docs/json.md', withParts('docs/json.md', reference.json), 'the types of the JSON output');
write('docs/control-socket.md', withParts('docs/control-socket.md', reference.controlSocket), 'the types of the control socket');
write('ARCHITECTURE.md', withParts('ARCHITECTURE.md', { rooms: `${roomTable()}\n` }), 'the table of packages');
write('turbo.json', withBoundaries(readFileSync('turbo.json', 'utf8')), 'the table of packages');

/** Replaces what is between the comments `<!-- NAME -->` and `<!-- /NAME -->` of a page. @throws Error if the page has none */
function withParts(file: string, parts: Readonly<Record<string, string>>): string {
  let page = readFileSync(file, 'utf8');
  for (const [name, text] of Object.entries(parts)) {
    const part = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
    if (!part.test(page)) throw new Error(`${file}: the comments <!-- ${name} --> and <!-- /${name} --> are missing`);
    page = page.replace(part, (_, begin: string, end: string) => `${begin}${text}${end}`);
  }
  return page;
}

function withBoundaries(json: string): string {
  const config = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const isSame = JSON.stringify(config['boundaries']) === JSON.stringify({ tags: boundaryTags() });
  return isSame ? json : `${JSON.stringify({ ...config, boundaries: { tags: boundaryTags() } }, null, 2)}\n`;
}

function write(file: string, text: string, source: string): void {
  if (!argv.includes('--check')) return writeFileSync(file, text);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  stderr.write(`${file} does not match ${source}; run: npm run docs\n`);
  exit(1);
}

function tables(): string[] {
  const names = [...new Set(catalogue.map(tableOf))];
  const ofNames = names.map((name) =>
    tableText(
      name,
      catalogue.filter((setting) => tableOf(setting) === name),
    ),
  );
  return [...ofNames, `${tableText('[[route.rate]]', rateSettings)}\n${rates}`];
}

function tableText(name: string, settings: readonly Setting[]): string {
  return `## \`${name}\`\n\n| key | default | option | |\n| --- | --- | --- | --- |\n${settings.map(row).join('\n')}\n`;
}

function tableOf({ target, path }: Setting): string {
  if (target !== 'route') return `[${target}]`;
  return path.length === 1 ? '[[route]]' : `[route.${path[0]}]`;
}

function row(setting: Setting): string {
  const option = routeOptions.find((each) => each.setting === setting);
  const flag = option === undefined ? '' : `\`${option.flags.at(-1)?.replaceAll('|', '\\|')}\``;
  const unless = JSON.stringify(setting.unless).replaceAll('|', '\\|');
  return `| \`${setting.path.at(-1)}\` | \`${unless}\` | ${flag} | ${setting.description} |`;
}
