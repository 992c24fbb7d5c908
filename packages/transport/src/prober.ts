import { constants } from 'node:fs';
import { open, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runChild } from '@sluice/child';
import {
  type DiskSpace,
  describeMount,
  type Effect,
  type Event,
  mountOf,
  type Place,
  type ProbeResult,
  type RouteSettings,
} from '@sluice/core';
import { codeOf, gateCauseOf } from './mounted/classify.ts';
import { judgeIdentity, readMountPlaces } from './mounted/identity.ts';
import { type MarkerFound, readMarker, writeMarker } from './mounted/marker.ts';
import { mountIdOfDescriptor, readMounts } from './mounted/mountinfo.ts';

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
 * The root answers, it is the destination we know, it has room, and an EMPTY probe file can be created exclusively and
 * removed. Creates nothing but that file.
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
  const root = question.route.destination;
  const mounts = readMounts();
  const place: Place = { path: root, mountId: mountOf(root, mounts)?.mountId ?? null };
  const description = describeMount(root, mounts);
  const call = caller(question, description);

  const facts = await call('stat', () => stat(root));
  if (!facts.isDirectory()) throw new Answer(bad('unreachable', 'ENOTDIR', `${root} is no folder`, 'stat', description));
  const space = await call('statfs', () => statfs(root)).then(spaceOf);
  const marker = await identify(question, mounts, call, place, description);
  const isFull = await touch(question, space, call, place, description);
  return { kind: 'good', place, space, isFull, description, marker };
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
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return bad(cause, code, `the folder ${root} is missing; mount the share or create the folder`, operation, description);
  }
  return bad(cause, code, `${root} cannot be reached (${code})`, operation, description);
}

function bad(cause: Bad['cause'], code: string, operator: string, operation: string, description: string | null): Bad {
  return { kind: 'bad', cause, code, operator, technical: `${operation}: ${code}`, description };
}

/** *Available* blocks. A filesystem that says zero of everything does not know (smbnetfs). */
function spaceOf(disk: { bsize: number; blocks: number; bavail: number }): DiskSpace {
  if (disk.blocks === 0) return { totalBytes: null, freeBytes: null };
  return { totalBytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize };
}

async function identify(
  question: Question,
  mounts: ReturnType<typeof readMounts>,
  call: Call,
  place: Place,
  description: string,
): Promise<string | null> {
  const { route, expectedMarker, plainFolderMeant } = question;
  if (route.guard === 'none') return null;
  const path = route.destination;
  const found: MarkerFound = await call('read the marker', () => readMarker(path));
  const identity = judgeIdentity({ path, expectedMarker, plainFolderMeant, found, mounts, mountPlaces: readMountPlaces() });
  switch (identity.kind) {
    case 'known':
      return identity.marker;
    case 'unmarked':
      throw new Answer({ kind: 'unmarked', place, description });
    case 'ask_again':
      throw new Answer(
        bad('unknown', 'MARKER', `the marker of ${path} cannot be read yet; it is asked again`, 'read the marker', description),
      );
    case 'strange': {
      const { operator, technical } = identity;
      throw new Answer({ kind: 'bad', cause: 'not_the_destination', code: 'MARKER', operator, technical, description });
    }
  }
}

/** Creates and removes the empty probe file. @returns whether there is no room even for that */
async function touch(question: Question, space: DiskSpace, call: Call, place: Place, description: string): Promise<boolean> {
  const path = join(question.route.destination, `.sluice-probe-${question.agentId}`);
  if (!question.mayGoOn()) throw new Answer(bad('unknown', 'ENDED', 'Sluice is ending', 'probe', description));
  await call('remove an old probe file', () => unlinkIfThere(path));
  try {
    await call('create a probe file', () => create(path, place, description));
  } catch (error) {
    if (!(error instanceof Answer) || error.result.kind !== 'bad') throw error;
    const { code } = error.result;
    const hasNoRoom = code === 'EIO' && space.freeBytes === 0;
    if (code === 'ENOSPC' || code === 'EDQUOT' || hasNoRoom) return true;
    throw error;
  }
  await call('remove the probe file', () => unlinkIfThere(path));
  return false;
}

async function create(path: string, place: Place, description: string): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, 0o600);
  const mountId = mountIdOfDescriptor(file.fd);
  await file.close();
  if (mountId === null || place.mountId === null || mountId === place.mountId) return;
  await unlinkIfThere(path);
  throw new Answer(bad('unreachable', 'REMOUNTED', 'the destination was mounted anew; it is asked again', 'create', description));
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
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

    const mark = async ({ marker }: Extract<ProberCommand, { kind: 'write_marker' }>): Promise<void> =>
      during(async (onCall) => {
        onCall('write the marker');
        const there = await writeMarker(route.destination, marker, channel.isOpen);
        await channel.send({ kind: 'marker_written', route: route.name, marker: there });
      }).catch((error: unknown) => {
        // Refused: the next probe tells why, and asks for the marker again. Anything else is a fault of the program.
        if (codeOf(error) === 'UNKNOWN') throw error;
      });

    channel.onMessage((command) => {
      if (command.kind === 'probe') void answer(command);
      else void mark(command);
    });
  });
}
