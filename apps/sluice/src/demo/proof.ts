import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileJson, Note } from '@sluice/agent';
import type { Stage } from './stage.ts';

/** A promise of Sluice, held or broken, with what was seen. */
export interface Promised {
  readonly promise: string;
  readonly isHeld: boolean;
  readonly seen: string;
}

/** A carried file, compared byte for byte at both ends. */
export interface Compared {
  readonly file: FileJson;
  readonly sha256: string;
  readonly isSame: boolean;
}

/** What the tour saw besides the files. */
export interface Seen {
  readonly failedAfterMs: number | null;
  readonly waitedVisibly: boolean;
  readonly movedAfterMs: number | null;
  readonly exitCode: number;
}

/** Every tracked file as it was last told, in the order of their discovery. */
export function lastToldFiles(notes: readonly Note[]): FileJson[] {
  const files = new Map<string, FileJson>();
  for (const note of notes) if (note.event === 'transition') files.set(note.file.id, note.file);
  return [...files.values()].map((file) => ({ ...file, recoveredBy: recoveryOf(file, files) }));
}

/** The link is journaled with the successor; a transition line is older than it. */
function recoveryOf(file: FileJson, files: ReadonlyMap<string, FileJson>): string | null {
  return file.recoveredBy ?? [...files.values()].find(({ recoveryOf: of }) => of === file.id)?.id ?? null;
}

export async function compare(stage: Stage, files: readonly FileJson[]): Promise<Compared[]> {
  const carried = files.filter(({ status }) => status === 'COMPLETED');
  return await Promise.all(
    carried.map(async (file) => {
      const [sent, arrived] = await Promise.all([
        sha256(join(stage.source, file.source)),
        sha256(join(stage.destination, file.destination)),
      ]);
      return { file, sha256: arrived, isSame: sent === arrived };
    }),
  );
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export async function judge(stage: Stage, files: readonly FileJson[], compared: readonly Compared[], seen: Seen): Promise<Promised[]> {
  const failed = files.filter(({ status }) => status === 'FAILED');
  const recoveries = files.filter(({ recoveryOf: of }) => of !== null);
  const sources = new Set(files.map(({ source }) => source));
  const names = await readdir(stage.destination);
  const parts = names.filter((name) => name.endsWith('.part'));
  return [
    {
      promise: 'every file arrived, byte for byte',
      isHeld: compared.length === sources.size && compared.every(({ isSame }) => isSame),
      seen: `${compared.length} of ${sources.size} identical`,
    },
    {
      promise: 'the outage failed the running copies, cleanly',
      isHeld: failed.length > 0 && failed.every(({ error }) => error?.kind === 'network_interruption') && seen.failedAfterMs !== null,
      seen: `${failed.length} failed, within ${Math.round(seen.failedAfterMs ?? -1)} ms of the outage`,
    },
    {
      promise: 'they were found again under fresh ids and waited, visible',
      isHeld: recoveries.length === failed.length && seen.waitedVisibly,
      seen: `${recoveries.length} found again`,
    },
    {
      promise: 'fresh copies were made beside the failed ones',
      isHeld: recoveries.every(({ destination }) => /_\d+\.[a-z]+$/.test(destination)),
      seen: recoveries.map(({ destination }) => destination).join(', '),
    },
    {
      promise: 'everything moved by itself within 2 s of the return',
      isHeld: seen.movedAfterMs !== null && seen.movedAfterMs <= 2_000,
      seen: `${Math.round(seen.movedAfterMs ?? -1)} ms`,
    },
    { promise: 'nothing hidden was left behind', isHeld: parts.length === 0, seen: `${parts.length} parts` },
    { promise: 'the agent says that all is carried', isHeld: seen.exitCode === 0, seen: `exit ${seen.exitCode}` },
  ];
}
