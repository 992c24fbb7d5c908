import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { type DestinationMount, type ProbeResult, unreachable } from '@sluice/core/model';
import { describeMount, emptyMountFolderOf, readMounts } from '@sluice/platform';
import { mountedFolder, spaceOf } from '../mounted/folder.ts';
import { MarkerRefused, readMarker, rehearseMarker } from '../mounted/marker.ts';
import { gateCauseOf } from '../storage/storage.ts';
import { judgeIdentity } from './identity.ts';
import { makeProbeFile, type Probed } from './probe-file.ts';
import { findRoot } from './root.ts';
import { type Bad, bad, caller, done, type Question, type Step } from './step.ts';

/**
 * Probes a destination once. It is good if its root answers, it is the known destination or a new one, it has room, and an empty probe
 * file can be created exclusively and removed. Creates nothing else.
 *
 * A question that does not write skips that file if the system says that the root is writable. It proves that the storage answers (a
 * `statfs`, and the open of a share's marker, are never answered from a cache), which destination it is, and that it is not mounted
 * read-only. It does not prove that a write succeeds.
 */
export async function probeOnce(question: Question): Promise<ProbeResult> {
  const path = question.route.destination;
  const callFirst = caller(question, describeMount(path, readMounts()));
  const found = await callFirst('open the folder', () => findRoot(path));
  if (found.kind === 'bad') return found;
  const root = found.value;
  const { destinationMount: mount, description } = root;
  const probed = { question, root, call: caller(question, description) };

  const stats = await probed.call('statfs', () => statfs(path));
  if (stats.kind === 'bad') return stats;
  const space = spaceOf(stats.value);
  const identified = await identify(probed);
  if (identified.kind === 'bad') return identified;
  const touched = (await isSpared(probed, identified.value)) ? done(false) : await makeProbeFile(probed, space);
  if (touched.kind === 'bad') return touched;

  const [identity, isFull] = [identified.value, touched.value];
  if (identity.kind === 'unmarked') {
    if (isFull) return bad('unknown', 'ENOSPC', { kind: 'no_room_for_marker', operation: 'create a probe file' }, description);
    const refusal = question.rehearsesMarker === true ? await rehearse(probed) : null;
    return refusal ?? { kind: 'unmarked', mount, description };
  }
  const { marker } = identity;
  return { kind: 'good', mount: marker === null ? mount : { ...mount, marker }, space, isFull, description, marker };
}

/** A destination that was recognised. Whether it accepts files was not tried. */
export interface Recognised {
  readonly kind: 'recognised';
  readonly mount: DestinationMount;
  /** Filesystem and device, such as `(nfs4 nas01:/ingest)`. */
  readonly description: string;
}

/** Returns whether a destination answers and is the known one. Creates nothing, so it also recognises one that is mounted read-only. */
export async function recogniseDestination(question: Question): Promise<Recognised | Bad> {
  const path = question.route.destination;
  const found = await caller(question, describeMount(path, readMounts()))('open the folder', () => findRoot(path));
  if (found.kind === 'bad') return found;
  const root = found.value;
  const { destinationMount: mount, description } = root;
  const identified = await identify({ question, root, call: caller(question, description) });
  return identified.kind === 'bad' ? identified : { kind: 'recognised', mount, description };
}

/**
 * Returns whether the probe file can be skipped. If the system says that the root is not writable, the file is tried, because some storage
 * says so but still accepts files.
 */
async function isSpared({ question, call }: Probed, identity: Identified): Promise<boolean> {
  if (question.writes || identity.kind === 'unmarked') return false;
  const allowed = await call('ask for write access', () => access(question.route.destination, constants.W_OK | constants.X_OK));
  return allowed.kind === 'done';
}

async function rehearse({ question, root }: Probed): Promise<Bad | null> {
  const { agentId, mayGoOn } = question;
  question.onCall?.('try to leave a marker');
  return (await orRefusal(() => rehearseMarker({ marker: randomUUID(), agentId, mount: root.destinationMount, mayGoOn }))) ?? null;
}

/** Writes a marker. @returns the result of `write`, or a bad result of a probe if it fails */
export async function orRefusal<Value>(write: () => Promise<Value>): Promise<Value | Bad> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof MarkerRefused)) throw error;
    return bad(gateCauseOf(error.code), error.code, { kind: 'marker_refused', operation: error.operation }, null);
  }
}

/** Returns the result for a marker that Sluice may not read. It closes the destination like a refused write, but needs another remedy. */
function unreadable(found: Bad): Bad {
  return found.cause === 'denied' ? { ...found, finding: { kind: 'marker_denied', operation: 'read the marker' } } : found;
}

/** An identified destination: the known one, one whose route has no guard (`marker` is null), or a new one. */
type Identified = { readonly kind: 'known'; readonly marker: string | null } | { readonly kind: 'unmarked' };

async function identify({ question, root, call }: Probed): Promise<Step<Identified>> {
  const { route, expectedMarker, plainFolderMeant } = question;
  if (route.guard === 'none') return done({ kind: 'known', marker: null });
  const { path, description } = root;
  const found = await call('read the marker', () => readMarker(mountedFolder(path)));
  if (found.kind === 'bad') return unreadable(found);
  const emptyMountFolder = await call('look for the mount', () => emptyMountFolderOf(root));
  if (emptyMountFolder.kind === 'bad') return emptyMountFolder;
  const identity = judgeIdentity({ expectedMarker, plainFolderMeant, found: found.value, emptyMountFolder: emptyMountFolder.value });
  switch (identity.kind) {
    case 'known':
    case 'unmarked':
      return done(identity);
    case 'ask_again':
      return bad('unknown', 'MARKER_UNCLEAR', { kind: 'marker_unclear', operation: 'read the marker' }, description);
    case 'strange':
      return bad('not_the_destination', 'MARKER', identity.finding, description);
    default:
      return unreachable(identity);
  }
}
