import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Note } from '@sluice/agent';
import type { FileJson } from '@sluice/control';
import { errnoOf } from '@sluice/platform';
import type { Stage } from './stage/stage.ts';

/** A promise of Sluice, and whether it was kept. */
export interface Promised {
  readonly promise: string;
  readonly verdict: 'held' | 'BROKEN' | 'not shown';
  readonly seen: string;
}

/** A copied file, compared byte for byte at both ends. */
export interface Compared {
  readonly file: FileJson;
  /** The hash of the copy. Null: there is none. */
  readonly sha256: string | null;
  readonly isSame: boolean;
}

/** Milliseconds. `late`: it did not happen in time. */
export type Measured = number | 'late' | 'not shown';

/** What the tour saw in addition to the files, as far as it got. */
export interface Seen {
  failedAfterMs: Measured;
  /** The attempts that the tour's own outage ended. */
  failedIds: readonly string[];
  waitedVisibly: boolean | 'not shown';
  movedAfterMs: Measured;
}

/** Returns that nothing was seen yet. */
export function nothingSeen(): Seen {
  return { failedAfterMs: 'not shown', failedIds: [], waitedVisibly: 'not shown', movedAfterMs: 'not shown' };
}

/** Returns every tracked file as it was last reported, in the order of discovery. */
export function lastReportedFiles(notes: readonly Note[]): FileJson[] {
  const files = new Map<string, FileJson>();
  for (const note of notes) if (note.event === 'transition') files.set(note.file.id, note.file);
  return [...files.values()].map((file) => ({ ...file, recoveredBy: recoveryOf(file, files) }));
}

/** The link is journaled with the recovery, and a transition line is older than it. */
function recoveryOf(file: FileJson, files: ReadonlyMap<string, FileJson>): string | null {
  return file.recoveredBy ?? [...files.values()].find(({ recoveryOf: of }) => of === file.id)?.id ?? null;
}

/** Compares copies with their sources, on the disk that has them. */
export async function compare({ source, storage }: Pick<Stage, 'source' | 'storage'>, files: readonly FileJson[]): Promise<Compared[]> {
  const copied = files.filter(({ status }) => status === 'COMPLETED');
  return await Promise.all(
    copied.map(async (file) => {
      const sent = await sha256(join(source, file.source));
      const [right, wrong] = await Promise.all([
        sha256(join(storage.pathOf('right'), file.destination)),
        sha256(join(storage.pathOf('wrong'), file.destination)),
      ]);
      const arrived = right === sent ? right : (wrong ?? right);
      return { file, sha256: arrived, isSame: sent !== null && sent === arrived };
    }),
  );
}

async function sha256(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}

/** @param end how the agent ended */
export async function judge(
  stage: Pick<Stage, 'source' | 'storage'>,
  files: readonly FileJson[],
  compared: readonly Compared[],
  seen: Seen,
  end: Promised,
): Promise<Promised[]> {
  const sources = await readdir(stage.source);
  const identical = sources.filter((name) => compared.some(({ file, isSame }) => isSame && file.source === name));
  const parts = (await readdir(stage.storage.folder)).filter((name) => name.endsWith('.part'));
  return [
    {
      promise: 'every file arrived, byte for byte',
      verdict: verdictOf(sources.length > 0 && identical.length === sources.length && compared.every(({ isSame }) => isSame)),
      seen: `${identical.length} of ${sources.length} identical`,
    },
    ...ofOutage(files, seen),
    { promise: 'no hidden file was left behind', verdict: verdictOf(parts.length === 0), seen: `${parts.length} temporary files` },
    end,
  ];
}

function ofOutage(files: readonly FileJson[], { failedAfterMs, failedIds, waitedVisibly, movedAfterMs }: Seen): Promised[] {
  const failed = files.filter(({ status }) => status === 'FAILED');
  const isClean = failed.every(({ error }) => error?.kind === 'network_interruption' || error?.kind === 'skipped');
  const recoveries = files.filter(({ recoveryOf: of }) => of !== null);
  const found = failedIds.filter((id) => recoveries.some(({ recoveryOf: of }) => of === id));
  const isShown = failedAfterMs !== 'not shown';
  return [
    {
      promise: 'the outage failed the running copies cleanly',
      verdict: isShown ? verdictOf(failedIds.length > 0 && isClean && failedAfterMs !== 'late') : 'not shown',
      seen: isShown ? `${failedIds.length} failed, ${within(failedAfterMs, 'of the outage')}` : left,
    },
    {
      promise: 'new attempts with new ids waited, and were shown',
      verdict:
        waitedVisibly === 'not shown' ? 'not shown' : verdictOf(failedIds.length > 0 && found.length === failedIds.length && waitedVisibly),
      seen: waitedVisibly !== 'not shown' ? `${found.length} new attempts` : left,
    },
    {
      promise: 'new copies were made next to the failed ones',
      verdict: recoveries.length > 0 ? verdictOf(recoveries.every(({ destination }) => /_\d+\.[a-z]+$/.test(destination))) : 'not shown',
      seen: recoveries.length > 0 ? recoveries.map(({ destination }) => destination).join(', ') : left,
    },
    {
      promise: 'copying resumed without a command within 2 s of the return',
      verdict: movedAfterMs === 'not shown' ? 'not shown' : verdictOf(movedAfterMs !== 'late' && movedAfterMs <= 2_000),
      seen: movedAfterMs === 'not shown' ? 'the tour did not get this far, or the route was held' : within(movedAfterMs, ''),
    },
  ];
}

const left = 'the tour ended before';

function within(measured: Exclude<Measured, 'not shown'>, ofWhat: string): string {
  return measured === 'late' ? `not in time ${ofWhat}`.trim() : `within ${Math.round(measured)} ms ${ofWhat}`.trim();
}

/** Returns the word for a promise that was kept or broken. */
export function verdictOf(isKept: boolean): 'held' | 'BROKEN' {
  return isKept ? 'held' : 'BROKEN';
}
