import type { Explained } from '@sluice/words';
import { type CheckCode, findingsOf, type RouteCheck } from './check-findings.ts';

type Route = RouteCheck['route'];
type Source = Extract<RouteCheck['source'], { taken: number }>;
type Destination = Extract<RouteCheck['destination'], { kind: 'good' }>;

const source: Source = {
  description: '(LOCAL DISK ext4 /dev/sdb1)',
  mayLackLinks: false,
  failure: null,
  unreadPath: null,
  taken: 214,
  takenBytes: 48.2e9,
  largest: { path: 'day1/clip.mxf', sizeBytes: 6e8 },
  folders: 12,
  watchLimit: 192_536,
  invalidNames: [],
  invalidCount: 0,
  leftAlone: [],
  unmatched: [],
};
const destination: Destination = {
  kind: 'good',
  mount: { path: '/mnt/nas', mountId: 41 },
  space: { totalBytes: 4e12, freeBytes: 3.9e12 },
  isFull: false,
  description: '(nfs4 nas01:/ingest)',
  marker: null,
};
const silent = { kind: 'unanswered', why: 'no answer within 10 s' } as const;

/** Returns the text of a finding, from a route that has it. */
function textOf(
  code: CheckCode,
  found: Partial<RouteCheck>,
  verify: Route['verify'] = 'readback',
  more: Partial<Route> = {},
): readonly [string] {
  const route = { destination: '/mnt/nas', verify, afterCopy: 'keep', space: { keepFree: { bytes: 2e9 } }, ...more } as Route;
  const finding = findingsOf({ route, source, destination, ...found }).find((each) => each.code === code);
  return [finding?.text ?? ''];
}

const withRoom = (freeBytes: number, totalBytes = 4e12): Destination => ({ ...destination, space: { totalBytes, freeBytes } });

/** What the findings of `check` mean. */
export const checkMeanings: Readonly<Record<CheckCode, Explained<string>>> = {
  source_not_checked: {
    cause: 'The source did not answer in time, or the process that reads it ended.',
    files: 'Nothing is copied from a source that does not answer.',
    remedy: 'Check the disk or the share of the source.',
    examples: textOf('source_not_checked', { source: silent }),
  },
  source_unreadable: {
    cause: 'The folder, or one folder in it, does not exist or cannot be read by this user.',
    files: 'What cannot be read is not copied. The rest is.',
    remedy: 'Let the user that Sluice runs as read it, mount it, or exclude it. `sluice check --as USER` tests as that user.',
    examples: textOf('source_unreadable', { source: { ...source, failure: 'EACCES', unreadPath: 'day1/locked' } }),
  },
  name_invalid: {
    cause: 'The name holds bytes that are not valid UTF-8.',
    files: 'These files are not copied.',
    remedy: 'Rename them at the source.',
    examples: textOf('name_invalid', { source: { ...source, invalidNames: ['day1/clip?.mov'], invalidCount: 3 } }),
  },
  source_not_watched: {
    cause: 'Linux lets the programs of a user watch only so many folders (`fs.inotify.max_user_watches`), and the source has more.',
    files: 'They are copied. A new file is found by the next scan, and not at once.',
    remedy: 'Raise `fs.inotify.max_user_watches` with sysctl, then restart Sluice.',
    examples: textOf('source_not_watched', { source: { ...source, folders: 20_004, watchLimit: 8_192 } }),
  },
  pattern_unmatched: {
    cause: 'No file and no folder of the source matches the pattern now. It may have a typing mistake.',
    files: 'A mistake in `include` leaves files at the source; one in `exclude` copies too many.',
    remedy: 'Compare the pattern with the names; see "Patterns" in [settings.md](settings.md).',
    examples: textOf('pattern_unmatched', { source: { ...source, unmatched: [{ setting: 'include', pattern: '*.mfx' }] } }),
  },
  destination_not_checked: {
    cause: 'The destination did not answer within `probe.deadline`, or the process that probes it ended.',
    files: 'Files wait until it answers.',
    remedy: 'Check the storage server and the network.',
    examples: textOf('destination_not_checked', { destination: silent }),
  },
  destination_offline: {
    cause: 'A probe of the destination failed. The text and "Destinations: findings" say why.',
    files: 'Files wait until the destination is online.',
    remedy: 'Do what the text says.',
    examples: textOf('destination_offline', {
      destination: {
        kind: 'bad',
        cause: 'unreachable',
        code: 'ENOENT',
        finding: { kind: 'call_failed', operation: 'open the folder' },
        description: null,
      },
    }),
  },
  destination_new: {
    cause: 'The journal of this agent does not know the destination: Sluice has not used it before. `sluice check` leaves no marker file.',
    files: 'They are copied when the agent runs.',
    remedy: 'Nothing, if it is the right folder. If the agent has used it before, it is another disk.',
    examples: textOf('destination_new', {
      destination: { kind: 'unmarked', mount: destination.mount, description: destination.description },
    }),
  },
  destination_full: {
    cause: 'The destination refuses even an empty file, or its room is used up.',
    files: 'Nothing is copied until there is room.',
    remedy: 'Make room, or check the quota.',
    examples: textOf('destination_full', { destination: { ...withRoom(0), isFull: true } }),
  },
  no_room: {
    cause: 'The destination has less free room than `space.keep_free` leaves.',
    files: 'Nothing is copied until there is room.',
    remedy: 'Make room, or lower `space.keep_free`.',
    examples: textOf('no_room', { destination: withRoom(1.9e9) }),
  },
  file_too_large: {
    cause: 'The largest file of the source is larger than the whole destination without `space.keep_free`.',
    files: 'This file is never copied there. The others are.',
    remedy: 'Use a larger destination for it.',
    examples: textOf('file_too_large', { destination: withRoom(2.5e9, 2.5e9) }),
  },
  not_all_fit: {
    cause: 'The files of the source are together larger than the free room. `check` does not know which of them are copied already.',
    files: 'Sluice copies until there is no room. The rest waits.',
    remedy: 'Make room if the files are not copied yet.',
    examples: textOf('not_all_fit', { destination: withRoom(2.6e9) }),
  },
  verified_from_cache: {
    cause: 'The mount may answer a read from this machine instead of from the storage. Some FUSE mounts do.',
    files: 'A file can be COMPLETED before all its bytes are at the storage. Its `readback` is `cached`.',
    remedy: 'Keep the source until the mount has sent everything, or turn off its cache of writes.',
    examples: textOf('verified_from_cache', { destination: { ...destination, mount: { ...destination.mount, cache: 'writes' } } }),
  },
  verified_by_size: {
    cause: 'The route has `verify = "size"`.',
    files: 'A copy with the right size and wrong bytes is not found.',
    remedy: 'Set `verify = "readback"`, which is the default.',
    examples: textOf('verified_by_size', {}, 'size'),
  },
  removal_unproven: {
    cause: 'The route has `after_copy`, and `after_copy_proof = "direct"`, but no copy can be read back from the storage itself.',
    files: 'They are copied. Nothing is removed at the source.',
    remedy: 'Set `verify = "readback"` and use a mount that keeps no writes, or accept the risk with `after_copy_proof = "weak"`.',
    examples: textOf('removal_unproven', {}, 'size', { afterCopy: 'delete', afterCopyProof: 'direct' }),
  },
  removal_weak: {
    cause: 'The route has `after_copy_proof = "weak"`.',
    files: 'A source file is removed although bytes of its copy may still be on this machine, or may be wrong.',
    remedy: 'Set `after_copy_proof = "direct"`, which is the default.',
    examples: textOf('removal_weak', {}, 'readback', { afterCopy: 'delete', afterCopyProof: 'weak' }),
  },
  removal_without_links: {
    cause: 'The route removes source files, and its source is on a filesystem that has no hard links, or may have none.',
    files:
      'They are removed as elsewhere. Only a file that changes during its removal, and gets its name back, could replace one that another program creates under that name in the same fraction of a millisecond.',
    remedy:
      'Nothing, if recorders give each recording another name. Otherwise set `after_copy = "keep"`, and use `sluice clear` when nothing records.',
    examples: textOf('removal_without_links', { source: { ...source, mayLackLinks: true } }, 'readback', {
      afterCopy: 'delete',
      afterCopyProof: 'direct',
    }),
  },
  state_folder_exposed: {
    cause: 'Another user may write to a folder above the state folder.',
    files: 'That user could put another journal in its place.',
    remedy: 'Do what the text says, or choose another folder with `state_dir`.',
    examples: ['other users may replace it, through /srv: every user may write to it; run chmod o-w or chmod +t on it'],
  },
  hook_unusable: {
    cause: 'The program of `on_attention` does not exist, cannot be run by this user, or lies on a share that hangs.',
    files: 'They are copied. Nobody is called when something needs a person.',
    remedy: 'Give the absolute path of an installed program.',
    examples: ['on_attention: /usr/local/bin/page cannot be run: there is no such file; give the absolute path of an installed program'],
  },
  setting_not_built: {
    cause: 'The setting is valid, but this version cannot do it yet. `sluice run` refuses it with exit code 2.',
    files: 'Nothing is copied with such a configuration.',
    remedy: 'Use the value that the text names.',
    examples: [
      'cannot use sluice.toml:9: destination: this version does not support "sftp://nas/ingest" yet: use a folder, such as a mounted share',
    ],
  },
};
