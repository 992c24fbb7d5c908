import type { Refusal } from '@sluice/core/model';
import type { MeaningsOf } from '../failures/meaning.ts';

const unchanged = 'Nothing was changed.';

/** Why a command of an operator cannot be carried out. */
export const refusalMeanings: MeaningsOf<Refusal> = {
  route_not_configured: {
    cause: 'The file belongs to a route that `sluice.toml` no longer has.',
    files: unchanged,
    remedy: 'Put the route back into `sluice.toml` and restart the agent, or leave the file.',
    examples: [{ kind: 'route_not_configured', route: 'old' }],
  },
  unknown_route: {
    cause: 'No route has this name.',
    files: unchanged,
    remedy: 'Use one of the names that the text lists.',
    examples: [{ kind: 'unknown_route', route: 'ingest2', routes: ['ingest', 'archive'] }],
  },
  nothing_left: {
    cause: 'Every attempt for this file has ended.',
    files: unchanged,
    remedy: 'Nothing. `sluice history FILE` shows the attempts.',
    examples: [{ kind: 'nothing_left' }],
  },
  name_invalid: {
    cause: 'The name holds bytes that are not valid UTF-8, so the file can never be copied as it is.',
    files: unchanged,
    remedy: 'Rename it at the source.',
    examples: [{ kind: 'name_invalid' }],
  },
  about_to_be_copied: {
    cause: 'Nothing holds the file back: it is next, or its turn comes.',
    files: 'It is copied.',
    remedy: 'Nothing. To copy it before others, run `sluice first FILE`.',
    examples: [{ kind: 'about_to_be_copied' }],
  },
  not_settled: {
    cause: 'The file still changes.',
    files: 'It is copied when it has not changed for `stable_after`.',
    remedy: 'Nothing.',
    examples: [{ kind: 'not_settled' }],
  },
  route_held: {
    cause: 'An operator holds the whole route.',
    files: 'No file of the route is copied.',
    remedy: 'Run `sluice release ROUTE`.',
    examples: [{ kind: 'route_held', by: 'ann' }],
  },
  being_published: {
    cause: 'The copy is verified and gets its final name at this moment.',
    files: 'The file is copied.',
    remedy: 'Nothing.',
    examples: [{ kind: 'being_published' }],
  },
  skipped_already: {
    cause: 'An operator has skipped the file before.',
    files: unchanged,
    remedy: 'To copy it, run `sluice retry FILE`.',
    examples: [{ kind: 'skipped_already' }],
  },
  file_held: {
    cause: 'The file is skipped or needs you, so it cannot come first.',
    files: unchanged,
    remedy: 'Run `sluice retry FILE`, then `sluice first FILE`.',
    examples: [{ kind: 'file_held' }],
  },
  completed: {
    cause: 'The file is at the destination, and its bytes were verified.',
    files: unchanged,
    remedy: 'Nothing.',
    examples: [{ kind: 'completed' }],
  },
  source_gone: {
    cause: 'The file is no longer at the source.',
    files: unchanged,
    remedy: 'Put the file back into the source; Sluice then finds it.',
    examples: [{ kind: 'source_gone' }],
  },
  being_copied: {
    cause: 'A copy of the file runs.',
    files: 'It goes on.',
    remedy: 'Nothing. To end the copy, run `sluice skip FILE`.',
    examples: [{ kind: 'being_copied' }],
  },
  nothing_to_acknowledge: {
    cause: 'This file or route has no file that vanished before it was copied.',
    files: unchanged,
    remedy: 'Nothing.',
    examples: [{ kind: 'nothing_to_acknowledge' }],
  },
  not_held: {
    cause: 'Nobody holds the route.',
    files: unchanged,
    remedy: 'Nothing. If its files wait, `sluice status` says why.',
    examples: [{ kind: 'not_held' }],
  },
  no_leftovers: {
    cause: 'No failed growing copy of the route left a partial file that a complete copy has replaced since.',
    files: unchanged,
    remedy: 'Nothing. `sluice leftovers` lists the partial files, and why each stays.',
    examples: [{ kind: 'no_leftovers' }],
  },
  destination_online: {
    cause: 'The destination is online and is the one that Sluice knows, so there is nothing to adopt.',
    files: unchanged,
    remedy: 'Nothing.',
    examples: [{ kind: 'destination_online' }],
  },
  destination_offline: {
    cause: 'The destination does not answer, so nobody can know which disk it is.',
    files: unchanged,
    remedy: 'Bring the destination back, then run `sluice adopt ROUTE` again.',
    examples: [
      {
        kind: 'destination_offline',
        destination: '/mnt/nas',
        cause: 'unreachable',
        code: 'EIO',
        finding: { kind: 'call_failed', operation: 'open the folder' },
      },
    ],
  },
};
