/** Bounds of what a list is made of. */
export const windowLimits = {
  /** Files that stand together in one block of an order; a change moves at most so many. */
  blockItems: 512,
  /** Rows of one window. */
  windowRows: 200,
} as const;

/** Every other bound of this package. */
export const limits = {
  /** Words of one filter; further ones are left out. */
  filterWords: 16,
} as const;
