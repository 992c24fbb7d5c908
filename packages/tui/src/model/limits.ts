/** The bounds of the list that the model keeps. */
export const listLimits = {
  /** Rows of one window, and those that are requested in addition to the visible ones, so that a key does not wait for an answer. */
  windowRows: 200,
  spareRows: 20,
} as const;
