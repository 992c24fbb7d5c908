import { constants } from 'node:fs';
import { open, realpath, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runChild } from '@sluice/child';
import { type DiskSpace, type Effect, type Event, type Place, type ProbeResult, type RouteSettings } from '@sluice/core';
import { describeMount, emptyPlaceOf, mountIdOfDescriptor, mountOf, type Placed, readMounts } from '@sluice/platform';
import { spaceOf } from '../mounted/folder.ts';
import { markerName, readMarker, unlinkIfThere, writeMarker } from '../mounted/marker.ts';
import { codeOf, gateCauseOf, withCode } from '../storage/classify.ts';
import { judgeIdentity } from './identity.ts';

/** What a prober process is told when it starts. */
export interface ProberInit {
  readonly route: RouteSettings;
  /** First eight hex digits of the agent's UUID. */
  readonly agentId: string;
}

export type ProberCommand = Extract<Effect, { kind: 'probe' | 'write_marker' }>;
export type ProberMessage = Extract<Event, { kind: 'probe_answered' | 'marker_written' }>;

type Bad = Extract<ProbeResult, { kind: 'bad' }>;

/** One question to a destination. */
export interface Question {
  readonly route: RouteSettings;
  readonly agentId: string;
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  /** Re-checked before every call that creates or removes. */
  readonly mayGoOn: () => boolean;
  /** Told of the call that is under way. */
  readonly onCall?: (operation: string) => void;
}

/** Thrown by a step that ends the probe with an answer. */
class Answer extends Error {
  readonly result: ProbeResult;
  constructor(result: ProbeResult) {
    super('answer');
    this.result = result;
  }
}

/**
 * The root answers, it is the destination we know or a new one, it has room, and an EMPTY probe file can be created exclusively
 * and removed. Creates nothing but that file.
 */
export async function probeOnce(question: Question): Promise<ProbeResult> {
  try {
    return await ask(question);
  } catch (error) {
    if (error instanceof Answer) return error.result;
    throw error;
  }
}

async function ask(question: Question): Promise<ProbeResult> {
  const path = question.route.destination;
  const callFirst = caller(question, describeMount(path, readMounts()));
  const root = await callFirst('open the folder', () => findRoot(path));
  const { place, description } = root;
  const call = caller(question, description);

  const space = await call('statfs', () => statfs(path)).then(spaceOf);
  const identity = await identify(question, root, call);
  const isFull = await touch(question, space, root, call);
  if (identity.kind === 'unmarked') {
    if (isFull) throw new Answer(bad('unknown', 'ENOSPC', `${path} has no room for its marker`, 'create a probe file', description));
    return { kind: 'unmarked', place, description };
  }
  const { marker } = identity;
  return { kind: 'good', place: marker === null ? place : { ...place, marker }, space, isFull, description, marker };
}

/** The destination's folder as it is now. */
interface Root extends Placed {
  readonly place: Place;
  readonly description: string;
}

/**
 * The mount is told by the open folder, for its path may lead through links, below other mounts, or to one that is
 * mounted by this very call.
 *
 * @throws ENOTDIR where it is no folder, and the errno of what failed
 */
async function findRoot(path: string): Promise<Root> {
  const folder = await open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  try {
    if (!(await folder.stat()).isDirectory()) throw withCode('ENOTDIR', `${path} is no folder`);
    const realPath = await realpath(path);
    const mounts = readMounts();
    const mountId = mountIdOfDescriptor(folder.fd);
    const mount = mounts.find((each) => each.mountId === mountId) ?? mountOf(realPath, mounts);
    const place = { path, mountId: mount?.mountId ?? null };
    return { path, realPath, mount, place, description: describeMount(realPath, mounts) };
  } finally {
    await folder.close();
  }
}

type Call = <Result>(operation: string, work: () => Promise<Result>) => Promise<Result>;

function caller(question: Question, description: string): Call {
  return async (operation, work) => {
    question.onCall?.(operation);
    try {
      return await work();
    } catch (error) {
      if (error instanceof Answer) throw error;
      throw new Answer(badCall(question, codeOf(error), operation, description));
    }
  };
}

function badCall({ route }: Question, code: string, operation: string, description: string): Bad {
  const root = route.destination;
  const cause = gateCauseOf(code);
  if (cause === 'read_only') return bad(cause, code, `${root} is read-only`, operation, description);
  if (cause === 'denied') return bad(cause, code, `Sluice may not write to ${root}; give its user the right to`, operation, description);
  if (code === 'ENOTDIR') return bad(cause, code, `${root} is no folder`, operation, description);
  if (code === 'REMOUNTED') return bad(cause, code, 'the destination was mounted anew; it is asked again', operation, description);
  if (code === 'ENOENT') {
    return bad(cause, code, `the folder ${root} is missing; mount the share or create the folder`, operation, description);
  }
  return bad(cause, code, `${root} cannot be reached (${code})`, operation, description);
}

function bad(cause: Bad['cause'], code: string, operator: string, operation: string, description: string | null): Bad {
  return { kind: 'bad', cause, code, operator, technical: `${operation}: ${code}`, description };
}

/** The destination we know, one that nobody asks who it is, or one that is new. */
type Identified = { readonly kind: 'known'; readonly marker: string | null } | { readonly kind: 'unmarked' };

async function identify(question: Question, root: Root, call: Call): Promise<Identified> {
  const { route, expectedMarker, plainFolderMeant } = question;
  if (route.guard === 'none') return { kind: 'known', marker: null };
  const { path, description } = root;
  const found = await call('read the marker', () => readMarker(path));
  const emptyPlace = await call('look for the mount', () => emptyPlaceOf(root));
  const identity = judgeIdentity({ path, expectedMarker, plainFolderMeant, found, emptyPlace });
  switch (identity.kind) {
    case 'known':
    case 'unmarked':
      return identity;
    case 'ask_again':
      throw new Answer(bad('unknown', 'MARKER', unclearMarker(path), 'read the marker', description));
    case 'strange': {
      const { operator, technical } = identity;
      throw new Answer({ kind: 'bad', cause: 'not_the_destination', code: 'MARKER', operator, technical, description });
    }
  }
}

function unclearMarker(path: string): string {
  return `the marker of ${path} is empty or cut short; it is asked again, and if that does not help, remove ${join(path, markerName)}`;
}

/**
 * Creates and removes the empty probe file. On Windows a program that has just opened it (a virus scanner) keeps it from being
 * removed, or its name from being free: another is made beside it, and that one was made is an answer of the storage too.
 *
 * @returns whether there is no room even for that
 */
async function touch(question: Question, space: DiskSpace, root: Root, call: Call): Promise<boolean> {
  const path = join(root.path, `.sluice-probe-${question.agentId}`);
  const second = `${path}-2`;
  const ifMayGoOn = (operation: string, work: () => Promise<void>): Promise<void> => {
    if (!question.mayGoOn()) throw new Answer(bad('unknown', 'ENDED', 'Sluice is ending', operation, root.description));
    return call(operation, work);
  };
  const makeAndRemove = async (file: string): Promise<void> => {
    await ifMayGoOn('remove an old probe file', () => unlinkIfThere(file));
    await ifMayGoOn('create a probe file', () => create(file, question, root.place));
    await ifMayGoOn('remove the probe file', () => unlinkIfThere(file)).catch((error: unknown) => {
      if (codeIn(error) !== 'EBUSY') throw error;
    });
  };
  try {
    try {
      await makeAndRemove(path);
    } catch (error) {
      if (!isInUse(codeIn(error))) throw error;
      await makeAndRemove(second);
      return false;
    }
    // It may have stayed when the first could not be had.
    await ifMayGoOn('remove an old probe file', () => unlinkIfThere(second)).catch(() => undefined);
    return false;
  } catch (error) {
    if (isNoRoom(error, space)) return true;
    throw error;
  }
}

/**
 * EPERM: the file is removed for everyone except the program that still has it open. EEXIST: another question of ours, which was
 * slow, has just created it.
 */
function isInUse(code: string | null): boolean {
  return code === 'EBUSY' || code === 'EPERM' || code === 'EEXIST';
}

function codeIn(error: unknown): string | null {
  return error instanceof Answer && error.result.kind === 'bad' ? error.result.code : null;
}

/** A full disk behind sshfs says EIO. */
function isNoRoom(error: unknown, space: DiskSpace): boolean {
  const code = codeIn(error);
  return code === 'ENOSPC' || code === 'EDQUOT' || (code === 'EIO' && space.freeBytes === 0);
}

async function create(path: string, { route }: Question, place: Place): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, 0o600);
  const mountId = mountIdOfDescriptor(file.fd);
  await file.close();
  if (route.guard === 'none' || mountId === null || place.mountId === null || mountId === place.mountId) return;
  await unlinkIfThere(path);
  throw withCode('REMOUNTED', `${path} came to lie on another mount`);
}

/** Questions under way at once: a hung one must not keep a later one from being asked. */
const mostQuestions = 2;

/** The prober process: answers questions about one destination until its channel closes. */
export function runProber(): void {
  runChild<ProberInit, ProberCommand, ProberMessage>(({ route, agentId }, channel) => {
    const underWay = new Set<{ operation: string; since: number }>();
    channel.setActivity(() => {
      const [oldest] = underWay;
      if (oldest === undefined) return null;
      return { operation: oldest.operation, side: 'destination', sinceMs: performance.now() - oldest.since };
    });

    const during = async (work: (onCall: (operation: string) => void) => Promise<void>): Promise<void> => {
      if (underWay.size >= mostQuestions) return;
      const mine = { operation: 'probe', since: performance.now() };
      underWay.add(mine);
      await work((operation) => Object.assign(mine, { operation, since: performance.now() })).finally(() => underWay.delete(mine));
    };

    const answer = async ({ probeId, expectedMarker, plainFolderMeant }: Extract<ProberCommand, { kind: 'probe' }>): Promise<void> =>
      during(async (onCall) => {
        const result = await probeOnce({ route, agentId, expectedMarker, plainFolderMeant, mayGoOn: channel.isOpen, onCall });
        await channel.send({ kind: 'probe_answered', route: route.name, probeId, result });
      });

    const mark = async ({ marker, place }: Extract<ProberCommand, { kind: 'write_marker' }>): Promise<void> =>
      during(async (onCall) => {
        onCall('write the marker');
        const there = await writeMarker({ marker, agentId, place, mayGoOn: channel.isOpen });
        if (there === null) return;
        await channel.send({ kind: 'marker_written', route: route.name, marker: there });
      }).catch((error: unknown) => {
        // Refused by the system: the next probe tells why, and asks for the marker again. Anything else is a fault of the program.
        if (!(error instanceof Error && 'code' in error)) throw error;
      });

    channel.onMessage((command) => {
      if (command.kind === 'probe') void answer(command);
      else void mark(command);
    });
  });
}
