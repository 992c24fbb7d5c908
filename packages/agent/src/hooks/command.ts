import { clean } from '@sluice/words';
import { limits } from '../limits.ts';

/** What a hook is run for. Its texts may hold file names, which anybody who can write to a source chooses. */
export interface HookValues {
  /** What happened: something needs a person. `SLUICE_EVENT` */
  readonly event: 'attention';
  /** Name of the route. Null: it concerns the agent itself. `SLUICE_ROUTE`, empty then */
  readonly route: string | null;
  /** One sentence that begins with the name of the route. `SLUICE_SUMMARY` */
  readonly summary: string;
  /** Number of earlier summaries that this one also stands for. `SLUICE_MORE` */
  readonly more: number;
  /** When it happened. `SLUICE_AT` */
  readonly at: string;
}

/** A program with its arguments and what it gets as data. */
export interface HookCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** In addition to the agent's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** One line of JSON. */
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
  const [program, ...args] = words;
  if (program === undefined) return null;
  const { event, route, more, at } = values;
  // The route comes first: its name begins with a letter or a digit, so that no file name can be taken for an option.
  // Where there is none, the summary names no file.
  const summary = shortened(clean(`${route === null ? '' : `${route}: `}${values.summary}${more === 0 ? '' : `; and ${more} more`}`));
  return {
    program,
    args: args.map((arg) => (arg === '{summary}' ? summary : arg === '{route}' ? (route ?? '') : arg)),
    env: { SLUICE_EVENT: event, SLUICE_ROUTE: route ?? '', SLUICE_SUMMARY: summary, SLUICE_MORE: String(more), SLUICE_AT: at },
    input: `${JSON.stringify({ v: 1, event, route, summary, more, at })}\n`,
  };
}

function shortened(text: string): string {
  return text.length <= limits.hookTextLength ? text : `${text.slice(0, limits.hookTextLength - 1).toWellFormed()}…`;
}
