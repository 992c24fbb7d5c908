/** The bounds of a text in a picture. */
export const textLimits = {
  /** UTF-16 units of a long text that are used, from both ends. No screen is wider. */
  cutLength: 1024,
  /** Columns that a name keeps, if a line has them. */
  nameColumns: 24,
  /** Marks on one character. More of them would reach into the rows above. */
  marks: 4,
  /** Characters whose width is cached, and the UTF-16 units of one of them. */
  remembered: 4096,
  rememberedLength: 8,
  /** Lines of one wrapped text, and UTF-16 units; the rest is left out. */
  wrappedLines: 40,
  wrappedLength: 4000,
} as const;
