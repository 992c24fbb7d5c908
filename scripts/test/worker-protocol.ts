/** What a worker's line begins with when the tests of a file begin: its imports are done. No test prints it. */
export const beginMark = '\u0000sluice-test-file-begins';
/** What a worker's line begins with when a file has ended. No test prints it. */
export const endMark = '\u0000sluice-test-file-ended';
