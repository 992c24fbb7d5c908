/** A problem of the configuration, described so that a person can correct it. */
export interface Problem {
  /** The file as the person named it. Null for an option. */
  readonly file: string | null;
  readonly line: number | null;
  /** `read`: it could not be understood. `use`: it was understood and cannot be done. `write`: a new file cannot be written. */
  readonly verb: 'read' | 'use' | 'write';
  readonly text: string;
}

/** Returns `cannot read sluice.toml:14: …`, or the bare sentence if an option is wrong. */
export function describeProblem(problem: Problem): string {
  if (problem.file === null) return problem.text;
  const location = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  return `cannot ${problem.verb} ${location}: ${problem.text}`;
}

/** Wrong usage or a wrong configuration. The message is the first problem; `problems` has all of them, by line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 2;
  readonly problems: readonly Problem[];

  /** @param problems at least one */
  constructor(problems: readonly Problem[]) {
    const sorted = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const more = sorted.length > 1 ? ` (and ${sorted.length - 1} more; "sluice check" lists them)` : '';
    super(`${sorted[0] === undefined ? 'no problem' : describeProblem(sorted[0])}${more}`);
    this.problems = sorted;
  }
}

/** Returns a problem that belongs to no file: an option, or something that is missing altogether. */
export function usageProblem(text: string): Problem {
  return { file: null, line: null, verb: 'use', text };
}
