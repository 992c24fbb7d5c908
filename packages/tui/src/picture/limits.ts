/** Every bound of a text in a picture. */
export const textLimits = {
  /** Of a longer text only so many UTF-16 units are used, from both ends: no screen is wider. */
  cutLength: 1024,
  /** Columns that a name keeps, where a line has them. */
  nameColumns: 24,
  /** Marks on one character: a taller pile of them reaches into the rows above. */
  marks: 4,
  /** Measured characters that are remembered, and the UTF-16 units of one of them. */
  remembered: 4096,
  rememberedLength: 8,
  /** Of one text that is wrapped: lines, and UTF-16 units; what follows is left out. */
  wrappedLines: 40,
  wrappedLength: 4000,
} as const;
