/** Every bound of what is read from a terminal and written to it. */
export const terminalLimits = {
  /** How long an escape may be the beginning of a key: over a slow line, too, the bytes of one key come together; a person is slower. */
  escapeWaitMs: 50,
  /** Of a sequence, UTF-16 units; beyond this it is nonsense, and is dropped. */
  sequenceLength: 8_192,
  /** Of what is pasted, UTF-16 units; the rest is dropped. */
  pasteLength: 65_536,
  /** What the clipboard gets: a name, a path; terminals refuse more than some tens of kilobytes. */
  clipboardBytes: 16_384,
  /** screen(1) passes on strings of up to 768 bytes. */
  screenStringBytes: 600,
  /** How long the way out waits for a reader that stalls. */
  leaveWithinMs: 500,
  /** Two whole pictures of a large screen in which every cell has another colour. */
  waitingBytes: 4 * 1_048_576,
  /** Pause before a reader that stalls is tried again; doubles up to the last. */
  retryFirstMs: 10,
  retryLastMs: 250,
  /** The same at the end, while it is waited for. */
  drainStepMs: 5,
  /** Measured characters that are remembered. */
  known: 4096,
  /** Columns or rows; beyond this a size is nonsense, and costs memory. */
  cells: 1_000,
  /** A window that is dragged changes its size many times a second; each one clears the terminal. */
  resizeWaitMs: 100,
  /** A stop that has not stopped by then will not: no shell is there to go on from it. */
  stopsWithinMs: 100,
} as const;
