import * as v from 'valibot';
import { type Problem, usageProblem } from '../problems/problem.ts';
import { catalogue, type Setting } from './catalogue.ts';

/** A setting that is also an option of the command line. */
export interface RouteOption {
  /** Without the dashes: `stable-after`. */
  readonly name: string;
  /** The name in commander's result: `stableAfter`. */
  readonly attribute: string;
  /**
   * How the option is registered: `--stable-after <duration>`, `--include <glob...>`. A switch has two forms, `--growing` and
   * `--no-growing`: register both, or commander reports it as given when it is not.
   */
  readonly flags: readonly string[];
  readonly description: string;
  readonly setting: Setting;
}

/** Values by option name. Each is a text, for a list an array of texts, for a switch a boolean; a count may be a number. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** `--from`, `--to` and `--state` stand for these keys, and a command belongs in a file. */
const withoutOption = new Set(['name', 'source', 'destination', 'state_dir', 'on_attention', 'on_done', 'before_probe']);

/** The placeholders that `--help` shows for a value. */
const placeholders = {
  duration: 'duration',
  size: 'size',
  disk: 'size|share',
  share: 'share',
  rate: 'size',
  count: 'number',
  text: 'text',
  path: 'folder',
  mode: 'files/folders',
  list: 'glob...',
};

/** Every setting that is an option, made from the schema. For `run`, `start`, `restart` and `check`. */
export const routeOptions: readonly RouteOption[] = catalogue.filter(({ path }) => !withoutOption.has(path.at(-1) ?? '')).map(optionOf);

function optionOf(setting: Setting): RouteOption {
  const name = nameOf(setting);
  const attribute = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return { name, attribute, flags: flagsOf(name, setting), description: setting.description, setting };
}

/** The table's name comes first. `growing.enabled` is `--growing`. The agent's settings have no prefix. */
function nameOf({ target, path }: Setting): string {
  const parts = target === 'journal' || target === 'log' ? [target, ...path] : path.filter((part) => part !== 'enabled');
  return parts.join('-').replaceAll('_', '-');
}

function flagsOf(name: string, { kind, choices }: Setting): string[] {
  if (kind === 'flag') return [`--${name}`, `--no-${name}`];
  return [`--${name} <${kind === 'choice' ? (choices ?? []).join('|') : placeholders[kind]}>`];
}

/**
 * Picks the values of {@linkcode routeOptions} from the result of an option parser.
 * @param parsed by attribute, like commander's `opts()`; a missing or undefined value was not given
 */
export function pickOptions(parsed: Readonly<Record<string, unknown>>): OptionValues {
  const given = routeOptions.filter(({ attribute }) => parsed[attribute] !== undefined);
  return Object.fromEntries(given.map(({ name, attribute }) => [name, parsed[attribute]]));
}

/** An option that was given, with a value that the schema accepts. */
export interface GivenOption {
  readonly option: RouteOption;
  readonly value: unknown;
}

/** Checks the given options one by one, so that a wrong one is reported by its own name. */
export function readOptions(values: OptionValues): { readonly given: readonly GivenOption[]; readonly problems: readonly Problem[] } {
  const given: GivenOption[] = [];
  const problems: Problem[] = [];
  for (const option of routeOptions) {
    if (values[option.name] === undefined) continue;
    const value = fromCommandLine(values[option.name], option.setting);
    const result = v.safeParse(option.setting.schema, value, { abortEarly: true });
    if (result.success) given.push({ option, value });
    else problems.push(usageProblem(`--${option.name} is ${JSON.stringify(values[option.name])}: ${result.issues[0].message}`));
  }
  return { given, problems };
}

/** Converts a value, because a command line has only texts. */
function fromCommandLine(value: unknown, { kind }: Setting): unknown {
  if (kind === 'list') return Array.isArray(value) ? value : [value];
  if (typeof value !== 'string') return value;
  if (kind === 'count' && /^\d{1,15}$/.test(value)) return Number(value);
  if (kind === 'flag' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
