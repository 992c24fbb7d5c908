/** The limits of the process that removes source files. */
export const removingLimits = {
  /** Orders that are carried out at once. */
  ordersAtOnce: 8,
  /** Names that are tried in an archive that has files of this name already. */
  archiveNames: 10_000,
} as const;
