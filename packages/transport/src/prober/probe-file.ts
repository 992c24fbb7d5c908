import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationMount, DiskSpace } from '@sluice/core/model';
import { errnoError, mountIdOfDescriptor } from '@sluice/platform';
import { processLimits } from '../limits.ts';
import { unlinkIfThere } from '../mounted/marker.ts';
import type { Root } from './root.ts';
import { type Bad, bad, type Call, done, type Question, type Step } from './step.ts';

/** A destination whose folder was found, and the function that makes calls to it. */
export interface Probed {
  readonly question: Question;
  readonly root: Root;
  readonly call: Call;
}

/**
 * Creates and removes the empty probe file.
 *
 * @returns whether the storage is too full for an empty file
 */
export async function makeProbeFile(probed: Probed, space: DiskSpace): Promise<Step<boolean>> {
  const made = await makeEither(probed);
  if (made.kind === 'bad') return isNoRoom(made, space) ? done(true) : made;
  return done(false);
}

/** Returns the probe files of one question: the usual one, and one for when that is in use. */
function filesOf({ question, root }: Probed, number: number): readonly [string, string] {
  const path = join(root.path, `.sluice-probe-${question.agentId}`);
  return number === 1 ? [path, `${path}-2`] : [`${path}-${2 * number - 1}`, `${path}-${2 * number}`];
}

/**
 * Creates and removes a probe file. On Windows another program, such as a virus scanner, may have it open, so that it cannot be removed or
 * its name stays taken. Then this uses a second file, which shows as well that the storage answers.
 */
async function makeEither(probed: Probed): Promise<Step<void>> {
  const [first, second] = filesOf(probed, probed.question.number);
  const made = await makeAndRemove(probed, first);
  if (made.kind === 'bad') return isInUse(made) ? await makeSecond(probed, second) : made;
  return (await removeLeftovers(probed, second)) ?? made;
}

/** Creates and removes the second file. If its name is taken right after it was free, another process of Sluice got an answer here. */
async function makeSecond(probed: Probed, second: string): Promise<Step<void>> {
  const made = await makeAndRemove(probed, second);
  if (made.kind === 'bad' && occupied.has(made.code)) return await makeAndRemove(probed, `${second}-${randomUUID().slice(0, 8)}`);
  return made.kind === 'bad' && made.code === 'EEXIST' ? done(undefined) : made;
}

/**
 * Errors if another user has put a folder, or a file that only its owner may remove, under both names of the probe files. Then a third
 * name is used, which cannot be guessed.
 */
const occupied = new Set(['EISDIR', 'EPERM']);

/**
 * Removes probe files that earlier questions may have left: the second file, and those of all questions of an ended prober. If one cannot
 * be removed, that says nothing about the storage.
 */
async function removeLeftovers(probed: Probed, second: string): Promise<Bad | null> {
  const { number, mayHaveLeftovers } = probed.question;
  const numbers = mayHaveLeftovers ? Array.from({ length: processLimits.questions }, (_, index) => index + 1) : [];
  const others = numbers.filter((other) => other !== number).flatMap((other) => filesOf(probed, other));
  const operation = 'remove an old probe file';
  for (const file of [second, ...others]) {
    const ended = endedBefore(probed, operation);
    if (ended !== null) return ended;
    await probed.call(operation, () => unlinkIfThere(() => unlink(file)));
  }
  return null;
}

async function makeAndRemove(probed: Probed, file: string): Promise<Step<void>> {
  const cleared = await alter(probed, 'remove an old probe file', () => unlinkIfThere(() => unlink(file)));
  if (cleared.kind === 'bad') return cleared;
  const created = await alter(probed, 'create a probe file', () => create(file, probed.question, probed.root.destinationMount));
  if (created.kind === 'bad') return created;
  const removed = await alter(probed, 'remove the probe file', () => unlinkIfThere(() => unlink(file)));
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
 * Returns whether a probe file is in use. EPERM: it is removed, but another program still has it open. EEXIST: another process of this
 * agent, which was given up, has just created it. EISDIR: it is a folder.
 */
function isInUse({ code }: Bad): boolean {
  return code === 'EBUSY' || code === 'EPERM' || code === 'EEXIST' || code === 'EISDIR';
}

/** Returns whether an error means that the disk is full. sshfs reports a full disk as EIO. */
function isNoRoom({ code }: Bad, space: DiskSpace): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT' || (code === 'EIO' && space.freeBytes === 0);
}

async function create(path: string, { route }: Question, mount: DestinationMount): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, 0o600);
  const mountId = mountIdOfDescriptor(file.fd);
  await file.close();
  if (route.guard === 'none' || mountId === null || mount.mountId === null || mountId === mount.mountId) return;
  await unlinkIfThere(() => unlink(path));
  throw errnoError('REMOUNTED', `${path} came to lie on another mount`);
}
