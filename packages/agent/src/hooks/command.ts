import type { ConditionKind } from '@sluice/control';
import { clean } from '@sluice/words';
import { limits } from '../limits.ts';

/** Conditions of one kind of one route that a call of `on_attention` reports. */
export interface HookCondition {
  /** Name of the route. Null: it concerns the agent itself. */
  readonly route: string | null;
  /** What it is. */
  readonly kind: ConditionKind;
  /** `begun`: a person has to do something. `over`: it is over. */
  readonly state: 'begun' | 'over';
  /** When it began or ended. */
  readonly at: string;
  /** How many of this kind: for files that need you and files that were lost, the number of files; otherwise 1. */
  readonly count: number;
  /** What is the matter, in one sentence; of several, the newest. */
  readonly text: string;
  /** What to do about it, in one sentence. Null: nothing, it is over. */
  readonly remedy: string | null;
  /** Source paths of the files that it is about, as they are, at most 20. Empty: it is not about files. */
  readonly files: readonly string[];
}

/** What `on_attention` is run for. Its texts may hold file names, which anybody who can write to a source chooses. */
export interface HookValues {
  /** What happened: something needs a person, or what needed one is over. `SLUICE_EVENT` */
  readonly event: 'attention';
  /** Name of the route. Null: it concerns the agent itself, or several routes. `SLUICE_ROUTE`, empty then */
  readonly route: string | null;
  /** What it is about, in one line that begins with the name of the route or with a number. `SLUICE_SUMMARY` */
  readonly summary: string;
  /** Number of messages that this call stands for, beyond the first. `SLUICE_MORE` */
  readonly more: number;
  /** When the newest of them happened. `SLUICE_AT` */
  readonly at: string;
  /** How many conditions began. `SLUICE_BEGUN` */
  readonly begun: number;
  /** How many conditions are over. `SLUICE_OVER` */
  readonly over: number;
  /** The conditions, by route and kind; at most 100. */
  readonly conditions: readonly HookCondition[];
}

/** What `before_probe` is run for. */
export interface ProbeValues {
  /** An offline destination is about to be probed. `SLUICE_EVENT` */
  readonly event: 'before_probe';
  /** Name of the route. `SLUICE_ROUTE` */
  readonly route: string;
  /** Absolute path of the destination folder. `SLUICE_DESTINATION` */
  readonly destination: string;
  /** When. `SLUICE_AT` */
  readonly at: string;
}

/** A program with its arguments and what it gets as data. */
export interface HookCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** In addition to the agent's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Lines of JSON. */
  readonly input: string;
}

/**
 * Gives the values to the operator's command: in the environment, as JSON on standard input, and where an argument is
 * `{summary}` or `{route}` and nothing else. They never become part of a longer text, which a shell might read as a command.
 *
 * @param words the program and its arguments, as the configuration has them
 * @returns null where there is no command
 */
export function hookCommand(words: readonly string[], values: HookValues): HookCommand | null {
  const { event, route, more, at, begun, over, conditions } = values;
  const summary = shortened(clean(values.summary));
  const env = {
    SLUICE_EVENT: event,
    SLUICE_ROUTE: route ?? '',
    SLUICE_SUMMARY: summary,
    SLUICE_MORE: String(more),
    SLUICE_AT: at,
    SLUICE_BEGUN: String(begun),
    SLUICE_OVER: String(over),
  };
  const shown = conditions.map((each) => ({ ...each, text: shortened(clean(each.text)) }));
  const input = `${JSON.stringify({ v: 1, event, route, summary, more, at, begun, over, conditions: shown })}\n`;
  return commandOf(words, { '{summary}': summary, '{route}': route ?? '' }, env, input);
}

/** Returns the command that is run before a destination is probed. @returns null where there is no command */
export function probeCommand(words: readonly string[], { event, route, destination, at }: ProbeValues): HookCommand | null {
  const env = { SLUICE_EVENT: event, SLUICE_ROUTE: route, SLUICE_DESTINATION: destination, SLUICE_AT: at };
  const input = `${JSON.stringify({ v: 1, event, route, destination, at })}\n`;
  return commandOf(words, { '{destination}': destination, '{route}': route }, env, input);
}

/** Returns the command that is run for finished files. @param lines the JSON of one file each @returns null where there is no command */
export function doneCommand(words: readonly string[], lines: readonly string[], at: string): HookCommand | null {
  const env = { SLUICE_EVENT: 'done', SLUICE_COUNT: String(lines.length), SLUICE_AT: at };
  return commandOf(words, {}, env, lines.map((line) => `${line}\n`).join(''));
}

function commandOf(
  words: readonly string[],
  values: Readonly<Record<string, string>>,
  env: HookCommand['env'],
  input: string,
): HookCommand | null {
  const [program, ...args] = words;
  if (program === undefined) return null;
  return { program, args: args.map((arg) => (Object.hasOwn(values, arg) ? (values[arg] as string) : arg)), env, input };
}

function shortened(text: string): string {
  return text.length <= limits.hookTextLength ? text : `${text.slice(0, limits.hookTextLength - 1).toWellFormed()}…`;
}
