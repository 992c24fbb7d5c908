import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationMount, DiskSpace } from '@sluice/core/model';
import { errnoError, mountIdOfDescriptor } from '@sluice/platform';
import { unlinkIfThere } from '../mounted/marker.ts';
import type { Root } from './root.ts';
import { type Bad, bad, type Call, done, type Question, type Step } from './step.ts';

/** A destination whose folder was found, and how to call it. */
export interface Probed {
  readonly question: Question;
  readonly root: Root;
  readonly call: Call;
}

/**
 * Creates and removes the empty probe file.
 *
 * @returns whether the storage is too full even for that
 */
export async function makeProbeFile(probed: Probed, space: DiskSpace): Promise<Step<boolean>> {
  const made = await makeEither(probed);
  if (made.kind === 'bad') return isNoRoom(made, space) ? done(true) : made;
  return done(false);
}

/**
 * On Windows a program that has just opened the probe file (a virus scanner) keeps it from being removed, or its name from being
 * free. Then this makes a second file next to it: that this worked is an answer of the storage too.
 */
async function makeEither(probed: Probed): Promise<Step<void>> {
  const path = join(probed.root.path, `.sluice-probe-${probed.question.agentId}`);
  const second = `${path}-2`;
  const made = await makeAndRemove(probed, path);
  if (made.kind === 'bad') return isInUse(made) ? await makeAndRemove(probed, second) : made;
  // An earlier probe that could not make the first file may have left the second. Failing to remove it says nothing of the storage.
  const operation = 'remove an old probe file';
  const ended = endedBefore(probed, operation);
  if (ended !== null) return ended;
  await probed.call(operation, () => unlinkIfThere(unlink(second)));
  return made;
}

async function makeAndRemove(probed: Probed, file: string): Promise<Step<void>> {
  const cleared = await alter(probed, 'remove an old probe file', () => unlinkIfThere(unlink(file)));
  if (cleared.kind === 'bad') return cleared;
  const created = await alter(probed, 'create a probe file', () => create(file, probed.question, probed.root.destinationMount));
  if (created.kind === 'bad') return created;
  const removed = await alter(probed, 'remove the probe file', () => unlinkIfThere(unlink(file)));
  return removed.kind === 'bad' && removed.code !== 'EBUSY' ? removed : created;
}

/** Makes a call that creates or removes, unless Sluice is ending. */
async function alter(probed: Probed, operation: string, work: () => Promise<void>): Promise<Step<void>> {
  return endedBefore(probed, operation) ?? (await probed.call(operation, work));
}

function endedBefore({ question, root }: Probed, operation: string): Bad | null {
  return question.mayGoOn() ? null : bad('unknown', 'ENDED', { kind: 'agent_ends', operation }, root.description);
}

/**
 * EPERM: the file is removed for everyone except the program that still has it open. EEXIST: another question of this agent, which
 * was slow, has just created it.
 */
function isInUse({ code }: Bad): boolean {
  return code === 'EBUSY' || code === 'EPERM' || code === 'EEXIST';
}

/** A full disk behind sshfs says EIO. */
function isNoRoom({ code }: Bad, space: DiskSpace): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT' || (code === 'EIO' && space.freeBytes === 0);
}

async function create(path: string, { route }: Question, mount: DestinationMount): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, 0o600);
  const mountId = mountIdOfDescriptor(file.fd);
  await file.close();
  if (route.guard === 'none' || mountId === null || mount.mountId === null || mountId === mount.mountId) return;
  await unlinkIfThere(unlink(path));
  throw errnoError('REMOUNTED', `${path} came to lie on another mount`);
}
