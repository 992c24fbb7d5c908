import type { Examples } from './samples.ts';
import type { Field, ObjectType, Shape } from './types.ts';

/** Returns the link to the section of an object: `#gate`, or `json.md#gate` from another page. */
export type LinkTo = (name: string) => string;

/** Returns the title of a section: `FileJson` is shown as `File`. */
export function titleOf(name: string): string {
  return name.replace(/Json$/, '');
}

/** Returns the anchor of the section of an object. */
export function anchorOf(name: string): string {
  return `#${titleOf(name).toLowerCase()}`;
}

/** Returns the section of one object: what it is, and a row for each field, in the order in which the program prints them. */
export function objectSection({ name, meaning, base, fields }: ObjectType, link: LinkTo, examples: Examples): string {
  const order = [...examples.keys()];
  const placeOf = (field: Field): number => order.indexOf(`${name}.${field.name}`);
  const rows = fields
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((field) => {
      const cells = [`\`${field.name}\``, typeText(field, link), unitOf(field), field.meaning, exampleText(examples, name, field)];
      return `| ${cells.map(escaped).join(' | ')} |`;
    });
  const more = base === null ? '' : ` It has the fields of [${titleOf(base)}](${link(base)}) and these:`;
  return `### ${titleOf(name)}\n\n${wrapped(`${meaning}${more}`)}\n\n| field | type | unit | meaning | example |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** Breaks a paragraph into lines of at most 100 columns. */
export function wrapped(paragraph: string): string {
  const lines: string[] = [];
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

function typeText({ shape, isOptional }: Field, link: LinkTo): string {
  return `${shapeText(shape, link)}${isOptional ? ', or absent' : ''}`;
}

/** Returns a type in words, with links to the sections of objects. */
export function shapeText(shape: Shape, link: LinkTo): string {
  switch (shape.kind) {
    case 'plain':
      return shape.name;
    case 'null':
      return 'null';
    case 'literals':
      return shape.values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
    case 'state':
      return '[state](states.md)';
    case 'array':
      return `array of ${shapeText(shape.of, link)}`;
    case 'record':
      return shape.isByState ? `object: a ${shapeText(shape.of, link)} for each [state](states.md)` : 'object';
    case 'object':
      return `[${titleOf(shape.name)}](${link(shape.name)})`;
    case 'any':
      return shape.of.map((each) => shapeText(each, link)).join(' or ');
  }
}

/** Units of fields whose names do not say them. */
const units: Readonly<Record<string, string>> = {
  v: '',
  protocol: '',
  pid: 'process id',
  mountId: '',
  seq: '',
  depth: '',
  index: '',
  attempt: '',
  next: '',
  percent: '0 to 100',
  phaseDone: '0 to 1',
  throughput: 'bytes per second',
  bytes: 'bytes',
};

function unitOf({ name, shape }: Field): string {
  const isNumber = holds(shape, 'number');
  if (Object.hasOwn(units, name) && (isNumber || name in { v: 0, protocol: 0, depth: 0, throughput: 0 })) return units[name] ?? '';
  if (/(^at|^since|^until|At)$/.test(name)) return isNumber ? 'ms since the epoch' : 'RFC 3339, UTC';
  if (!isNumber) return '';
  if (name.endsWith('PerSecond')) return 'bytes per second';
  if (name.endsWith('Bytes')) return 'bytes';
  return name.endsWith('Ms') ? 'ms' : 'count';
}

function holds(shape: Shape, plain: string): boolean {
  if (shape.kind === 'any') return shape.of.some((each) => holds(each, plain));
  return shape.kind === 'plain' && shape.name === plain;
}

function exampleText(examples: Examples, name: string, { name: field, shape }: Field): string {
  if (isNested(shape)) return '';
  const value = examples.get(`${name}.${field}`);
  if (value === undefined) throw new Error(`${name}.${field}: no sample in scripts/docs/samples has a value for it`);
  const text = JSON.stringify(value, shape.kind === 'record' && shape.isByState ? unlessZero : undefined);
  return `\`${text.length <= longestExample ? text : `${text.slice(0, longestExample - 1)}…`}\``;
}

const longestExample = 80;

/** Leaves out the states without files. */
function unlessZero(_: string, value: unknown): unknown {
  return value === 0 ? undefined : value;
}

/** Returns whether a shape has a section, or is a page of rows. */
function isNested(shape: Shape): boolean {
  if (shape.kind === 'any') return shape.of.some(isNested);
  return shape.kind === 'object' || (shape.kind === 'array' && isNested(shape.of));
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
