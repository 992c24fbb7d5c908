/** The bounds of a configuration. Whatever exceeds one is refused before it costs time or memory. */
export const limits = {
  /** Size of `sluice.toml`. */
  fileBytes: 1_048_576,
  /** Depth of nested tables and lists, and parts of a dotted key. No setting needs more than 5. */
  nesting: 32,
  /** `[[route]]` tables of one agent. */
  routes: 256,
  /** Length of one pattern in UTF-16 units, and patterns in one list. */
  patternLength: 1_000,
  patterns: 1_000,
  /** `[[route.rate]]` tables of one route. */
  rateRows: 100,
  /** Words in a command. */
  commandWords: 1000,
  /** The longest duration. */
  durationMs: 366 * 86_400_000,
  /** Symbolic links on the way to a folder; the limit of Linux is the same. */
  links: 40,
  /** How long to wait for one folder. A folder that does not answer is compared as it was given. */
  resolveDeadlineMs: 2000,
} as const;
