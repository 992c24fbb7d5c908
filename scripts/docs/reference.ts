import { requests } from '../../packages/control/src/protocol/protocol.ts';
import type { JsonOutput, SocketEvents, SocketReplies } from './documented.ts';
import { anchorOf, type LinkTo, objectSection, shapeText } from './markdown.ts';
import { requestSections } from './requests.ts';
import { Samples, sampleText } from './samples.ts';
import { type ObjectType, readTypes, type Shape, type TypeReader } from './types.ts';

/** The parts of the reference pages that are made from the types of the program, by the name of their marker. */
export interface ReferenceParts {
  readonly json: Readonly<Record<string, string>>;
  readonly controlSocket: Readonly<Record<string, string>>;
}

/** What the program printed, by the property of `JsonOutput` that describes it. */
const printed: Readonly<Record<keyof JsonOutput, readonly string[]>> = {
  status: ['status.jsonl', 'status-conditions.jsonl', 'status-listing.jsonl'],
  files: ['files.jsonl'],
  show: ['show.jsonl'],
  outages: ['outages.jsonl'],
  log: ['log.jsonl'],
  transition: ['run-transition.jsonl'],
  gate: ['run-gate.jsonl'],
  lost: ['run-lost.jsonl'],
  check: ['check.jsonl'],
  safe: ['safe.jsonl'],
  verify: ['verify.jsonl'],
  clear: ['clear.jsonl'],
  leftovers: ['leftovers.jsonl'],
  version: ['version.jsonl'],
  attention: ['attention.jsonl'],
  beforeProbe: ['before-probe.jsonl'],
};

const events: readonly (keyof SocketEvents)[] = ['transition', 'gate', 'log', 'screen', 'goodbye'];
const methods = Object.keys(requests) as readonly (keyof SocketReplies)[];

/** Makes the parts. @throws Error if a field has no docstring or no example, or a sample does not fit its type */
export function referenceParts(): ReferenceParts {
  const reader = readTypes();
  try {
    return partsFrom(reader);
  } finally {
    reader.close();
  }
}

function partsFrom(reader: TypeReader): ReferenceParts {
  const outputs = shapesOf(reader, 'JsonOutput', Object.keys(printed));
  const inJson = new Set(reader.objects.keys());
  const replies = shapesOf(reader, 'SocketReplies', methods);
  const notes = shapesOf(reader, 'SocketEvents', events);
  const samples = new Samples(reader.objects);
  for (const [name, shape] of outputs) for (const file of printed[name as keyof JsonOutput]) samples.read(file, shape);
  for (const [name, shape] of replies) samples.read(`reply-${name}.jsonl`, shape);
  for (const [name, shape] of notes) samples.read(`event-${name}.jsonl`, shape);
  samples.addRare();
  const sections = (objects: readonly ObjectType[], link: LinkTo): string =>
    objects.map((object) => objectSection(object, link, samples.examples)).join('\n');
  const onSocketPage: LinkTo = (name) => `${inJson.has(name) ? 'json.md' : ''}${anchorOf(name)}`;
  const objects = [...reader.objects.values()];
  return {
    json: {
      outputs: outputTable(outputs),
      objects: sections(
        objects.filter(({ name }) => inJson.has(name)),
        anchorOf,
      ),
    },
    controlSocket: {
      program: `\`\`\`python\n${sampleText('watch.py')}\`\`\`\n`,
      requests: requestSections(reader.requests(), replies, onSocketPage),
      events: eventTable(notes, onSocketPage),
      objects: sections(
        objects.filter(({ name }) => !inJson.has(name)),
        onSocketPage,
      ),
    },
  };
}

function shapesOf(reader: TypeReader, of: string, names: readonly string[]): ReadonlyMap<string, Shape> {
  return new Map(names.map((name) => [name, reader.property(of, name)]));
}

/** What each command prints. */
const commands: readonly (readonly [command: string, prints: string, output: keyof JsonOutput])[] = [
  ['sluice status --json', 'one line', 'status'],
  ['sluice files --json', 'a line for each file', 'files'],
  ['sluice history [FILE] --json', 'a line for each file that ended', 'files'],
  ['sluice history --outages --json', 'a line for each outage', 'outages'],
  ['sluice show FILE --json', 'a line for each file that matches', 'show'],
  ['sluice log --json', 'a line for each line of the log', 'log'],
  ['sluice run --json', 'a line for each transition of a file', 'transition'],
  ['', 'a line each time a destination goes online or offline', 'gate'],
  ['', 'a line in place of those that the reader was too slow for', 'lost'],
  ['sluice check --json', 'one line, also if the result is bad; nothing if the configuration cannot be read', 'check'],
  ['sluice safe [ROUTE] --json', 'one line', 'safe'],
  ['sluice verify --json', 'one line', 'verify'],
  ['sluice clear ROUTE --json', 'one line', 'clear'],
  ['sluice leftovers --json', 'a line for each leftover', 'leftovers'],
  ['sluice --version --json', 'one line', 'version'],
  ['`on_attention`', 'one line on the standard input of the hook', 'attention'],
  ['`on_done`', 'a line for each finished file on the standard input of the hook', 'files'],
  ['`before_probe`', 'one line on the standard input of the hook', 'beforeProbe'],
];

function outputTable(outputs: ReadonlyMap<string, Shape>): string {
  const rows = commands.map(([command, prints, output]) => {
    const shape = outputs.get(output);
    const shown = command === '' || command.startsWith('`') ? command : `\`${command}\``;
    return `| ${shown} | ${prints} | ${shape === undefined ? '' : shapeText(shape, anchorOf)} |`;
  });
  return `| command | prints | object |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function eventTable(notes: ReadonlyMap<string, Shape>, link: LinkTo): string {
  const rows = [...notes].map(([name, shape]) => `| \`${name}\` | ${shapeText(shape, link)} |`);
  return `| method | params |\n| --- | --- |\n${rows.join('\n')}\n`;
}
