/** Every bound of a configuration. What is beyond one is refused before it costs time or memory. */
export const limits = {
  /** Size of `sluice.toml`. */
  fileBytes: 1_048_576,
  /** Tables and lists inside one another, and parts of a dotted key. No setting is deeper than 5. */
  nesting: 32,
  /** `[[route]]` tables of one agent. */
  routes: 256,
  /** Of one pattern, UTF-16 units, and patterns of one list. */
  patternLength: 1_000,
  patterns: 1_000,
  /** Words of a command. */
  commandWords: 1000,
  /** The longest duration. */
  durationMs: 366 * 86_400_000,
  /** Symbolic links on the way to a folder; Linux follows as many. */
  links: 40,
  /** How long one folder is waited for; what does not answer is compared as it was given. */
  resolveDeadlineMs: 2000,
} as const;
