/** The limits of the process that removes source files. */
export const removingLimits = {
  /** Largest number of orders that are carried out at the same time. */
  ordersAtOnce: 8,
  /** Number of names that are tried in an archive in which the name is taken. */
  archiveNames: 10_000,
  /** Longest wait for a look at the source folder of another route, milliseconds. */
  otherSourceMs: 10_000,
} as const;
