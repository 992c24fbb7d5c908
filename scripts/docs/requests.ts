import { requests } from '../../packages/control/src/protocol/protocol.ts';
import { type LinkTo, shapeText, wrapped } from './markdown.ts';
import type { RequestMeanings, Shape } from './types.ts';

/** A schema of valibot, as far as it is read here. */
interface Schema {
  readonly type: string;
  readonly wrapped?: Schema;
  readonly default?: unknown;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly options?: readonly string[];
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

/** Returns the sections of all requests: what each one does, its parameters with their bounds, and its reply. */
export function requestSections(meanings: RequestMeanings, replies: ReadonlyMap<string, Shape>, link: LinkTo): string {
  return Object.entries(requests)
    .map(([method, schema]) => {
      const meaning = meanings.get(method);
      const reply = replies.get(method);
      if (meaning === undefined || reply === undefined) throw new Error(`the request ${method} is not described`);
      const rows = paramRows(schema as Schema, meaning.params, '');
      const table =
        rows.length === 0
          ? 'No parameters.\n'
          : `| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
      return `### \`${method}\`\n\n${wrapped(meaning.text)}\n\n${table}\nReply: ${shapeText(reply, link)}.\n`;
    })
    .join('\n');
}

function paramRows(schema: Schema, meanings: ReadonlyMap<string, string>, prefix: string): readonly string[] {
  return Object.entries(schema.entries ?? {}).flatMap(([name, param]) => {
    const path = `${prefix}${name}`;
    const meaning = meanings.get(path) ?? '';
    const preset = param.default === undefined ? (param.type === 'optional' ? 'absent' : '') : `\`${JSON.stringify(param.default)}\``;
    const row = `| \`${path}\` | ${typeText(param)} | ${preset} | ${meaning} |`;
    return param.type === 'object' ? [row, ...paramRows(param, meanings, `${path}.`)] : [row];
  });
}

function typeText(schema: Schema): string {
  switch (schema.type) {
    case 'optional':
      return typeText(inner(schema));
    case 'nullable':
      return orNull(typeText(inner(schema)));
    case 'array':
      return [`array of ${typeText(schema.item ?? schema)}`, ...bounds(schema)].join(', ');
    case 'picklist':
      return schema.options?.includes('DISCOVERED') === true
        ? '[state](states.md)'
        : (schema.options ?? []).map((each) => `\`"${each}"\``).join(', ');
    case 'object':
      return `object: ${Object.keys(schema.entries ?? {})
        .map((key) => `\`${key}\``)
        .join(', ')}`;
    default:
      return [schema.type, ...bounds(schema)].join(', ');
  }
}

function orNull(text: string): string {
  return `${text}${text.includes(',') ? ',' : ''} or null`;
}

function inner(schema: Schema): Schema {
  if (schema.wrapped === undefined) throw new Error(`${schema.type}: nothing is wrapped`);
  return schema.wrapped;
}

function bounds({ type, pipe = [] }: Schema): readonly string[] {
  const what = type === 'array' ? 'entries' : 'characters';
  return pipe.flatMap(({ type: action, requirement }) => {
    const figure = typeof requirement === 'number' ? requirement.toLocaleString('en') : '';
    if (action === 'max_length') return [`at most ${figure} ${what}`];
    if (action === 'min_length') return [`at least ${figure}`];
    if (action === 'max_value') return [`at most ${figure}`];
    if (action === 'min_value') return [`at least ${figure}`];
    if (action === 'integer' || action === 'safe_integer') return ['whole'];
    return action === 'iso_timestamp' ? ['RFC 3339'] : [];
  });
}
