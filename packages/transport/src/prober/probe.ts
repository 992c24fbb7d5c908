import { statfs } from 'node:fs/promises';
import { type ProbeResult, unreachable } from '@sluice/core/model';
import { describeMount, emptyMountFolderOf, readMounts } from '@sluice/platform';
import { mountedFolder, spaceOf } from '../mounted/folder.ts';
import { readMarker } from '../mounted/marker.ts';
import { judgeIdentity } from './identity.ts';
import { makeProbeFile, type Probed } from './probe-file.ts';
import { findRoot } from './root.ts';
import { bad, caller, done, type Question, type Step } from './step.ts';

/**
 * Probes a destination once. It is good where its root answers, it is the destination we know or a new one, it has room, and an
 * EMPTY probe file can be created exclusively and removed. Creates nothing but that file.
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
  const touched = await makeProbeFile(probed, space);
  if (touched.kind === 'bad') return touched;

  const [identity, isFull] = [identified.value, touched.value];
  if (identity.kind === 'unmarked') {
    if (isFull) return bad('unknown', 'ENOSPC', { kind: 'no_room_for_marker', operation: 'create a probe file' }, description);
    return { kind: 'unmarked', mount, description };
  }
  const { marker } = identity;
  return { kind: 'good', mount: marker === null ? mount : { ...mount, marker }, space, isFull, description, marker };
}

/** The destination we know, one whose route has no guard (`marker` is null), or a new one. */
type Identified = { readonly kind: 'known'; readonly marker: string | null } | { readonly kind: 'unmarked' };

async function identify({ question, root, call }: Probed): Promise<Step<Identified>> {
  const { route, expectedMarker, plainFolderMeant } = question;
  if (route.guard === 'none') return done({ kind: 'known', marker: null });
  const { path, description } = root;
  const found = await call('read the marker', () => readMarker(mountedFolder(path)));
  if (found.kind === 'bad') return found;
  const emptyMountFolder = await call('look for the mount', () => emptyMountFolderOf(root));
  if (emptyMountFolder.kind === 'bad') return emptyMountFolder;
  const identity = judgeIdentity({ expectedMarker, plainFolderMeant, found: found.value, emptyMountFolder: emptyMountFolder.value });
  switch (identity.kind) {
    case 'known':
    case 'unmarked':
      return done(identity);
    case 'ask_again':
      return bad('unknown', 'MARKER', { kind: 'marker_unclear', operation: 'read the marker' }, description);
    case 'strange':
      return bad('not_the_destination', 'MARKER', identity.finding, description);
    default:
      return unreachable(identity);
  }
}
