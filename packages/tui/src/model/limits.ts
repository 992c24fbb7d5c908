/** Every bound of the list that the model keeps. */
export const listLimits = {
  /** Rows of one window, and those requested in addition to what is shown, so that a key does not wait for an answer. */
  windowRows: 200,
  spareRows: 20,
} as const;
