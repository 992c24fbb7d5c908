import type { HookValues, ProbeValues } from '../../packages/agent/src/hooks/command.ts';
import type { SafeLine } from '../../packages/audit/src/texts/safe.ts';
import type { VerifyLine } from '../../packages/audit/src/texts/verify.ts';
import type { GoodbyeNote } from '../../packages/control/src/protocol/method-replies.ts';
import type { Replies } from '../../packages/control/src/protocol/protocol.ts';
import type { ClearJson, LeftoverJson } from '../../packages/control/src/protocol/removal-replies.ts';
import type {
  FileJson,
  GateNote,
  LogNote,
  OutageJson,
  StatusJson,
  TimelineJson,
  TransitionNote,
} from '../../packages/control/src/protocol/replies.ts';
import type { ScreenDelta } from '../../packages/control/src/protocol/screen-frame.ts';
import type { CheckLine } from './documented-check.ts';

// The types that docs/json.md and docs/control-socket.md describe. The generator reads this file with the compiler; nothing runs it.

/** A tracked file with its timeline. */
interface ShownFileLine extends FileJson {
  /** What happened to the file, oldest first. */
  readonly timeline: readonly TimelineJson[];
}

/** A time in which a destination was not online. */
interface OutageLine extends OutageJson {
  /** Version of this format. */
  readonly v: 1;
}

/** Lines of `run --json` that the reader was too slow for. */
interface LostLine {
  /** Version of this format. */
  readonly v: 1;
  /** When the reader could take lines again. */
  readonly at: string;
  /** Kind of the event. */
  readonly event: 'lost';
  /** Number of lines that are missing. */
  readonly lines: number;
}

/** The version of the program and of what it runs on. */
interface VersionLine {
  /** Version of this format. */
  readonly v: 1;
  /** Version of Sluice. */
  readonly version: string;
  /** Version of Node that runs it. */
  readonly node: string;
  /** Operating system, as Node names it. */
  readonly platform: string;
  /** Kind of processor, as Node names it. */
  readonly arch: string;
}

/** What an `on_attention` command gets on standard input. */
interface AttentionLine extends HookValues {
  /** Version of this format. */
  readonly v: 1;
}

/** The input of a `before_probe` command. */
interface BeforeProbeLine extends ProbeValues {
  /** Version of this format. */
  readonly v: 1;
}

/** What commands print with `--json`, and what hooks get. */
export interface JsonOutput {
  readonly status: StatusJson;
  readonly files: FileJson;
  readonly show: ShownFileLine;
  readonly outages: OutageLine;
  readonly log: LogNote;
  readonly transition: TransitionNote;
  readonly gate: GateNote;
  readonly lost: LostLine;
  readonly check: CheckLine;
  readonly safe: SafeLine;
  readonly verify: VerifyLine;
  readonly clear: ClearJson;
  readonly leftovers: LeftoverJson;
  readonly version: VersionLine;
  readonly attention: AttentionLine;
  readonly beforeProbe: BeforeProbeLine;
}

/** The replies of the control socket. */
export type SocketReplies = Replies;

/** The events that the control socket sends without a request. */
export interface SocketEvents {
  readonly transition: TransitionNote;
  readonly gate: GateNote;
  readonly log: LogNote;
  readonly screen: ScreenDelta;
  readonly goodbye: GoodbyeNote;
}
