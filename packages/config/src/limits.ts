/** Every bound of a configuration. What is beyond one is refused before it costs time or memory. */
export const limits = {
  /** Size of `sluice.toml`. */
  fileBytes: 1_048_576,
  /** Tables and lists inside one another, and parts of a dotted key. No setting is deeper than 5. */
  nesting: 32,
  /** `[[route]]` tables of one agent. */
  routes: 256,
} as const;
