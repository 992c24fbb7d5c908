/** The begin of a worker's line that says that the imports of a file are done and its tests begin. No test prints it. */
export const beginMark = '\u0000sluice-test-file-begins';
/** The begin of a worker's line that says that a file has ended. No test prints it. */
export const endMark = '\u0000sluice-test-file-ended';
