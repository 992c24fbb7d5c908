/** Every bound of this package. */
export const limits = {
  /** More files and folders than any kit holds; a folder that is none is not searched to its end. */
  kitFiles: 2_000,
  /** Of the list of files, its signature and the list of components. */
  listBytes: 1_048_576,
  /** Of any file of a kit. */
  fileBytes: 1_073_741_824,
} as const;
