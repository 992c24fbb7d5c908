/** Bounds of lists and windows. */
export const windowLimits = {
  /** Files in one block of an order. A change moves at most this many. */
  blockItems: 512,
  /** Rows in one window. */
  windowRows: 200,
} as const;

/** All other bounds of this package. */
export const limits = {
  /** Words in one filter. Further words are ignored. */
  filterWords: 16,
} as const;
