import type { ExplainedSetting } from '../../packages/config/src/explain.ts';
import type { DestinationMount } from '../../packages/core/src/model/copy.ts';
import type { DiskSpace, GateCause } from '../../packages/core/src/model/probe.ts';
import type { SourceSurvey } from '../../packages/intake/src/survey.ts';
import type { ExposedFolder } from '../../packages/platform/src/exposed-folders.ts';

/** The result of `sluice check`. */
export interface CheckLine {
  /** Version of this format. */
  readonly v: 1;
  /** True if an agent can work with this configuration and these folders. The exit code is then 0. */
  readonly ok: boolean;
  /** Path of the configuration. Null: it came from the command line. */
  readonly file: string | null;
  /** Absolute path of the state folder. */
  readonly stateDir: string;
  /** Folders above the state folder in which other users may replace it. */
  readonly stateDirExposedBy: readonly ExposedFolder[];
  /** What is wrong with the configuration, one sentence each: settings that are not built yet, a hook that cannot be run. */
  readonly problems: readonly string[];
  /** Every setting that is in force. */
  readonly settings: readonly ExplainedSetting[];
  /** The routes, in the order of the configuration. */
  readonly routes: readonly CheckedRoute[];
}

/** The folders of one route. */
interface CheckedRoute {
  /** Name of the route. */
  readonly name: string;
  /** The source. */
  readonly source: CheckedSource;
  /** The destination. */
  readonly destination: CheckedDestination;
  /** What a person should know about this route. */
  readonly findings: readonly CheckedFinding[];
}

/** A finding of the check. */
interface CheckedFinding {
  /** What was found; docs/messages.md explains each code. */
  readonly code: string;
  /** The finding as a sentence. */
  readonly text: string;
}

/** A source that was scanned once. If it did not answer, it has only `path`, `kind` and `why`. */
interface CheckedSource extends Partial<SourceSurvey> {
  /** Absolute path of the folder. */
  readonly path: string;
  /** `unanswered`: the scan did not end in time. Absent: it ended. */
  readonly kind?: 'unanswered';
  /** Why there is no answer, with `kind`. */
  readonly why?: string;
}

/** A destination that was probed once. */
interface CheckedDestination {
  /** Absolute path of the folder. */
  readonly path: string;
  /** `good`: a destination with its marker. `unmarked`: a new destination. `bad`: it cannot be used. `unanswered`: no answer in time. */
  readonly kind: 'good' | 'unmarked' | 'bad' | 'unanswered';
  /** One sentence for an operator, with the filesystem and the room. */
  readonly text: string;
  /** What a copy there does not prove, in one sentence. Null: copies are read back from the storage itself. */
  readonly proof: string | null;
  /** What is wrong with the room for the files of the source, in one sentence. Null: nothing, or it is not known. */
  readonly room: string | null;
  /** Filesystem and device. Null or absent: not known. */
  readonly description?: string | null;
  /** The mount that the path is on, with `good` and `unmarked`. */
  readonly mount?: DestinationMount;
  /** The room, with `good`. */
  readonly space?: DiskSpace;
  /** With `good`: true if an empty file could not be created for lack of room. */
  readonly isFull?: boolean;
  /** UUID of the marker, with `good`. Null: `guard` is `none`. */
  readonly marker?: string | null;
  /** Why it cannot be used, with `bad`. */
  readonly cause?: GateCause;
  /** Error code behind the cause, with `bad`. */
  readonly code?: string;
  /** What the probe found, with `bad`. It may change with any version. */
  readonly finding?: Readonly<Record<string, unknown>>;
  /** One sentence for an operator, with `bad`. */
  readonly operator?: string;
  /** What exactly failed, with `bad`. */
  readonly technical?: string;
  /** Why there is no answer, with `unanswered`. */
  readonly why?: string;
}
