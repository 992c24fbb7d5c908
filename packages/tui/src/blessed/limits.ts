/** The bounds of what is read from a terminal and written to it. */
export const terminalLimits = {
  /**
   * How long an Escape may be the beginning of a key. The bytes of one key arrive together, even over a slow line, and a person is
   * slower.
   */
  escapeWaitMs: 50,
  /** UTF-16 units of a sequence. A longer one is invalid, and is dropped. */
  sequenceLength: 8_192,
  /** UTF-16 units of a paste. The rest is dropped. */
  pasteLength: 65_536,
  /** Bytes for the clipboard: a name or a path. Terminals refuse more than some tens of kilobytes. */
  clipboardBytes: 16_384,
  /** Bytes of one string: screen(1) passes on up to 768. */
  screenStringBytes: 600,
  /** How long the end waits for a reader that stalls. */
  leaveWithinMs: 500,
  /** Bytes that may wait: two complete pictures of a large screen in which every cell has another colour. */
  waitingBytes: 4 * 1_048_576,
  /** The pause before a stalled reader is tried again. It doubles up to the last. */
  retryFirstMs: 10,
  retryLastMs: 250,
  /** The pause at the end of the screen, while it waits for the reader. */
  drainStepMs: 5,
  /** Characters whose width is cached. */
  known: 4096,
  /** Columns or rows. A larger size is invalid, and would cost memory. */
  cells: 1_000,
  /**
   * How long to wait for further changes of the size: a window that is dragged changes it many times a second, and each change
   * clears the terminal.
   */
  resizeWaitMs: 100,
  /** How long a stop may take. After that there is no shell that could stop and continue the process. */
  stopsWithinMs: 100,
} as const;
