/** Every bound of this package. */
export const limits = {
  /** Files and folders in a kit. A folder that has more is not searched to its end. */
  kitFiles: 2_000,
  /** Bytes of the list of files, its signature and the list of components. */
  listBytes: 1_048_576,
  /** Bytes of one file. */
  fileBytes: 1_073_741_824,
} as const;
