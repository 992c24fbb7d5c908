/**
 * A start reads only the files that core has to hold, and queries each of the others when it is seen. These indexes find both
 * kinds. A record that is not JSON is damaged, and is not in the index of identities.
 */
export const leftFiles = `
CREATE INDEX files_live ON files (n) WHERE ended_at IS NULL;
-- Copied, but not simply: what \`isLeftToJournal\` refuses, and perhaps more.
CREATE INDEX files_owing ON files (n) WHERE status = 10 AND (destination IS NOT NULL
  OR instr(record, '"sourceGone":') > 0 OR instr(record, '"leftParts":') > 0 OR instr(record, '"toMark":') > 0
  OR instr(record, '"pauses":') > 0 OR instr(record, '"renamedFrom":') > 0 OR instr(record, '"renamedTo":') > 0
  OR instr(record, '"afterCopy":') > 0);
CREATE INDEX files_by_identity ON files (iif(json_valid(record), json_extract(record, '$.identity'), NULL))
  WHERE status = 10 AND destination IS NULL AND instr(record, '"identity":') > 0;
`;
