import type { FileId } from '../model/ids.ts';
import type { RemovalWait } from '../model/removal.ts';
import { removableFile } from '../removal/records.ts';
import type { WaitingRemoval } from '../state/removals.ts';
import type { CoreState, RouteState } from '../state/state.ts';
import { timeText } from './file-view.ts';

/** Copied files that could not be removed at the source. One of them is described. */
export interface FailedRemovals {
  /** Number of such files. */
  readonly count: number;
  /** Source path of the one whose removal failed last. */
  readonly source: string;
  /** The removal that was planned for it. */
  readonly to: 'delete' | 'archive';
  /** Error code of the failure, such as `EACCES`. `IMMUTABLE`: the file or its folder is immutable. `APPEND_ONLY`: it is append-only. `STICKY`: only the owner may remove files there. `NO_LINKS`: hard links are refused. `NAME_TAKEN`: the file changed while it was being removed, and another one has its name. */
  readonly code: string;
  /** Its present name at the source, relative to the source folder. Null: its own. */
  readonly hiddenAs: string | null;
  /** When it is tried again. */
  readonly retryAt: string;
}

/** Copied files whose removal is due but has to wait. One of them is described. */
export interface WaitingRemovals {
  /** Number of such files, without those that failed before. */
  readonly count: number;
  /** Source path of one of them. */
  readonly source: string;
  /**
   * The reason: a program has it open for writing (`open_for_writing`), it has changed and the next scan determines its state
   * (`changed`), its bytes are being compared (`compared_again`), another disk or folder is at the source (`other_source`), another route has not copied or archived it (`other_route`), or a route has
   * another destination now (`other_destination`).
   */
  readonly wait: RemovalWait['kind'];
  /** Name of that route. Null: `wait` does not concern a route. */
  readonly route: string | null;
}

/** Hidden files at the source that were renamed by an agent with an earlier journal. One of them is named. */
export interface UnknownHidden {
  /** Number of such files. */
  readonly count: number;
  /** Path of one of them, relative to the source folder. */
  readonly path: string;
}

/** Removals at the source of one route. */
export interface RemovalsView {
  /** Number of copied files that are to be removed at the source, due or not. */
  readonly pending: number;
  /** Those that failed. Null: there are none. */
  readonly failed: FailedRemovals | null;
  /** Those that are due but have to wait. Null: there are none. */
  readonly waiting: WaitingRemovals | null;
  /**
   * Number of files that stay at the source because their copies are not verified well enough. It counts copies since the start
   * of the agent.
   */
  readonly unproven: number;
  /** True if source files are removed without proof that the storage has their bytes: `after_copy_proof = "weak"`. */
  readonly isWeak: boolean;
  /** Number of empty folders that stay at the source, because `remove_empty_dirs` is off. Absent: none does. */
  readonly emptyFolders?: number;
  /** Hidden files of an earlier journal. Null: there are none. */
  readonly unknown: UnknownHidden | null;
}

/** Returns the removals at the source and the problems with them. Null: there are none. */
export function viewRemovals(state: CoreState, { removals, settings, source }: RouteState): RemovalsView | null {
  const { failed, unknown, unproven, waiting, wanted } = removals;
  const isWeak = settings.afterCopy !== 'keep' && settings.afterCopyProof === 'weak';
  const isKept = settings.afterCopy !== 'keep' && !settings.removeEmptyDirs;
  const emptyFolders = isKept ? (source.selection.leftAlone.find(({ rule }) => rule === 'empty')?.folders ?? 0) : 0;
  if (!isWeak && wanted.size === 0 && unproven === 0 && unknown.length === 0 && emptyFolders === 0) return null;
  return {
    pending: wanted.size,
    failed: failed.size === 0 ? null : viewFailed(state, [...failed]),
    waiting: viewWaiting(
      state,
      [...waiting].filter(([id]) => !failed.has(id)),
    ),
    unproven,
    isWeak,
    ...(emptyFolders === 0 ? {} : { emptyFolders }),
    unknown: unknown[0] === undefined ? null : { count: unknown.length, path: unknown[0] },
  };
}

function viewFailed(state: CoreState, failed: readonly FileId[]): FailedRemovals | null {
  const files = failed.flatMap((id) => removableFile(state, id) ?? []);
  const last = files.reduce((newest, file) => ((file.removal.retryAt ?? 0) >= (newest?.removal.retryAt ?? 0) ? file : newest), files[0]);
  if (last === undefined) return null;
  const { code, hiddenAs, retryAt, step, to } = last.removal;
  return {
    count: files.length,
    source: last.source,
    to: to.kind,
    code: code ?? 'UNKNOWN',
    hiddenAs: step === 'waits' ? null : (hiddenAs ?? null),
    retryAt: timeText(retryAt ?? 0),
  };
}

function viewWaiting(state: CoreState, waiting: readonly (readonly [FileId, WaitingRemoval])[]): WaitingRemovals | null {
  for (const [id, { wait }] of waiting) {
    const file = removableFile(state, id);
    if (file !== null) return { count: waiting.length, source: file.source, wait: wait.kind, route: 'route' in wait ? wait.route : null };
  }
  return null;
}
