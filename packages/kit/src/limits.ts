/** Every bound of this package. */
export const limits = {
  /** More files than any kit holds; a folder that is none is not searched to its end. */
  kitFiles: 2_000,
  /** Of the list of files and of its signature. */
  listBytes: 1_048_576,
} as const;
