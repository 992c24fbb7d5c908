/** What a worker's line begins with when a file has ended. No test prints it. */
export const endMark = '\u0000sluice-test-file-ended';
