/**
 * Pages of `files` continue from a key. Everything that decides whether a file is on a page is in one index, in the order of the
 * pages.
 */
export const listedFiles = `
DROP INDEX files_by_seq;
CREATE INDEX files_by_seq ON files (first_seq, route, status, ended_at);
`;
