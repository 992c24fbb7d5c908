import process from 'node:process';
import { say } from '../output.ts';
import { compare, judge, lastReportedFiles, type Promised, type Seen } from './promises.ts';
import type { Stage } from './stage/stage.ts';
import { fileTable, promiseTable } from './tables.ts';

/**
 * Reads everything at both ends and prints whether each promise was kept.
 * @param end how the agent ended
 * @returns whether none is broken
 */
export async function verify(stage: Stage, seen: Seen, end: Promised): Promise<boolean> {
  const files = lastReportedFiles(stage.notes);
  const compared = await compare(stage, files);
  const promises = await judge(stage, files, compared, seen, end);
  for (const line of fileTable(stage.notes, files, compared, process.stdout.columns)) say(line);
  for (const line of promiseTable(promises)) say(line);
  return promises.every(({ verdict }) => verdict !== 'BROKEN');
}
