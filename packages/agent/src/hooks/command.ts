import type { ConditionKind } from '@sluice/control';
import { clean } from '@sluice/words';
import { limits } from '../limits.ts';

/** The conditions of one kind and one route that a call of `on_attention` reports. */
export interface HookCondition {
  /** Name of the route. Null: it concerns the agent itself. */
  readonly route: string | null;
  /** Kind of the condition. */
  readonly kind: ConditionKind;
  /** `begun`: a person has to act. `over`: the condition has ended. */
  readonly state: 'begun' | 'over';
  /** When it began or ended. */
  readonly at: string;
  /** Number of conditions of this kind. For files that need you and for lost files it is the number of files, otherwise 1. */
  readonly count: number;
  /** Description in one sentence. If there are several, that of the newest. */
  readonly text: string;
  /** The remedy, in one sentence. Null: none is needed, because the condition has ended. */
  readonly remedy: string | null;
  /** Source paths of the affected files, unescaped, at most 20. Empty: the condition does not concern files. */
  readonly files: readonly string[];
}

/** The data of a call of `on_attention`. Its texts may contain file names, which are chosen by anyone who can write to a source. */
export interface HookValues {
  /** The event: conditions began or ended. `SLUICE_EVENT` */
  readonly event: 'attention';
  /** Name of the route. Null: it concerns the agent itself, or several routes. `SLUICE_ROUTE`, empty then */
  readonly route: string | null;
  /** Summary in one line. It begins with the name of the route or with a number. `SLUICE_SUMMARY` */
  readonly summary: string;
  /** Number of further messages that this call reports. `SLUICE_MORE` */
  readonly more: number;
  /** Time of the newest message. `SLUICE_AT` */
  readonly at: string;
  /** Number of conditions that began. `SLUICE_BEGUN` */
  readonly begun: number;
  /** Number of conditions that ended. `SLUICE_OVER` */
  readonly over: number;
  /** The conditions, by route and kind; at most 100. */
  readonly conditions: readonly HookCondition[];
}

/** The data of a call of `before_probe`. */
export interface ProbeValues {
  /** The event: an offline destination is about to be probed. `SLUICE_EVENT` */
  readonly event: 'before_probe';
  /** Name of the route. `SLUICE_ROUTE` */
  readonly route: string;
  /** Absolute path of the destination folder. `SLUICE_DESTINATION` */
  readonly destination: string;
  /** Time of the call. `SLUICE_AT` */
  readonly at: string;
}

/** A program with its arguments, environment and input. */
export interface HookCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables that are added to the environment of the agent. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard input: lines of JSON. */
  readonly input: string;
}

/**
 * Returns the operator's command with the values: in the environment, as JSON on standard input, and in place of an argument that
 * is exactly `{summary}` or `{route}`. They never become part of a longer argument, which a shell might execute as a command.
 *
 * @param words the program and its arguments, as in the configuration
 * @returns null if no command is set
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

/** Returns the command that is run before a destination is probed, or null if none is set. */
export function probeCommand(words: readonly string[], { event, route, destination, at }: ProbeValues): HookCommand | null {
  const env = { SLUICE_EVENT: event, SLUICE_ROUTE: route, SLUICE_DESTINATION: destination, SLUICE_AT: at };
  const input = `${JSON.stringify({ v: 1, event, route, destination, at })}\n`;
  return commandOf(words, { '{destination}': destination, '{route}': route }, env, input);
}

/** Returns the command that is run for finished files, or null if none is set. @param lines the JSON of one file each */
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
