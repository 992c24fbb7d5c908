import type { EvidenceJson, FileJson, LogNote, OutageJson, ScreenFrame, TimelineJson } from '@sluice/control';
import type { ScreenSort, ScreenTab } from '@sluice/lists';
import type { AskSafeDialog, ConditionsDialog, LogDialog, LogPage, SafeDialog, SettingsDialog } from './dialogs.ts';
import type { SafeAsked, SafeProgress, SafeReport } from './safe.ts';
import type { FolderCheck, Offer, Side, TypedFolders } from './starter.ts';
import type { TypedLine } from './typed-line.ts';

/** Whether the agent answers. */
export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The last picture is kept and marked stale. `sinceAt`: wall clock. */
  | { readonly kind: 'lost'; readonly why: string; readonly cause: LostCause; readonly sinceAt: number };

/** `refused`: it belongs to another user. `away`: it may run, but does not answer. */
export type LostCause = 'not_running' | 'refused' | 'away';

/** A tab of the screen. */
export type Tab = ScreenTab | 'history';

/** What is drawn over the list. */
export type Dialog =
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'detail'; readonly id: string; readonly files: readonly FileStory[] | null; readonly scroll: number }
  /** `expected`: a name that has to be typed to confirm. Null: y or n. */
  | {
      readonly kind: 'confirm';
      readonly intent: Intent;
      readonly lines: readonly string[];
      /** The same in fewer words for a small screen, the longest first. */
      readonly shorter?: readonly (readonly string[])[];
      readonly expected: string | null;
      readonly typed: string;
      /** Characters after the caret. Absent: none. */
      readonly after?: number;
    }
  | { readonly kind: 'message'; readonly lines: readonly string[] }
  /** No agent runs. `trouble`: why starting one failed. */
  | { readonly kind: 'offer'; readonly offer: Offer; readonly isStarting: boolean; readonly trouble: string | null }
  | { readonly kind: 'set_up'; readonly setUp: SetUp }
  | LogDialog
  | SettingsDialog
  | ConditionsDialog
  | AskSafeDialog
  | SafeDialog;

/** The guided set-up: two folders, then both with what was found there, and a confirmation. */
export interface SetUp {
  /** The file that will be written. */
  readonly file: string;
  readonly step: Side | 'confirm';
  readonly source: FolderField;
  readonly destination: FolderField;
  readonly isWriting: boolean;
  readonly trouble: string | null;
}

/** A folder that is typed, and what was found there. `isAsking`: the answer is pending. */
export interface FolderField {
  readonly typed: string;
  /** Characters after the caret. Absent: none. */
  readonly after?: number;
  readonly isAsking: boolean;
  readonly check: FolderCheck | null;
}

/** A file with its timeline. */
export interface FileStory {
  readonly file: FileJson;
  readonly timeline: readonly TimelineJson[];
}

/** How far back a history goes, the shortest first. */
export const historyRanges = ['24h', '7d', '30d', 'all'] as const;
/** A range of the history. */
export type HistoryRange = (typeof historyRanges)[number];

/** The history that is shown. */
export interface History {
  /** How many files had ended when it was requested, by the agent's count. */
  readonly endedThen: number;
  /** The range that is shown, or was requested. */
  readonly range: HistoryRange;
  /** Only files that match this filter were read from the journal. Empty: all. */
  readonly filter: string;
  /** The filter of the last request to the journal. */
  readonly askedFilter: string;
  /** Sums of what was copied, over all files that ended and match. Null: as far as the files in the model show. */
  readonly sums: readonly PastSum[] | null;
  /** Files that ended in the range, newest first. */
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  /** More files ended in the range, before these. */
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the last request failed. Null: it did not. */
  readonly trouble: string | null;
  /** The id of a file or an outage. It stays selected wherever its row moves. Null: none. */
  readonly selected: string | null;
  /** The first line of outages and files that is shown. */
  readonly top: number;
}

/** What was copied from one moment to the next. */
export interface PastSum {
  /** Wall clock, milliseconds: the start of a local day, or of the range. */
  readonly from: number;
  readonly files: number;
  readonly bytes: number;
}

/** The content of an export: what the history showed when it was requested. */
export interface PastExport {
  readonly range: HistoryRange;
  /** The filter of these files and outages. Empty: all. */
  readonly filter: string;
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  /** They are the newest of this many files. Null: all. */
  readonly newest: number | null;
}

/** A tour that runs next to the list: its texts, and the state that its own keys change. */
export interface Tour {
  readonly step: number;
  readonly steps: number;
  /** What happens, the longest text first. */
  readonly shows: readonly string[];
  /** What to watch or to try, the longest text first. */
  readonly hints: readonly string[];
  /** Whether the inserted disk is the one that the agent accepts as its destination. */
  readonly storage: 'right' | 'wrong' | 'gone';
  /** Whether it has been played. From then on the user may break the storage. */
  readonly isPlayed: boolean;
}

/** What the keys of a tour do. */
export type TourAction = 'storage' | 'disk' | 'recorder';

/** Everything that the picture is made from. Pure data. */
export interface Model {
  readonly size: { readonly columns: number; readonly rows: number };
  /** Wall clock, milliseconds. */
  readonly now: number;
  readonly link: Link;
  readonly frame: ScreenFrame | null;
  /** `z`: this picture stays while the agent continues. */
  readonly frozen: ScreenFrame | null;
  readonly tab: Tab;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
  readonly hideRecovered: boolean;
  readonly filter: TypedLine & { readonly isEditing: boolean };
  /** The selected file. It stays selected wherever its row moves, unless `isAtTop`. Null: it is not fetched yet. */
  readonly selected: string | null;
  /** The row of the selection among all matching rows, from 0. */
  readonly at: number;
  /** The selection was not moved: the first row is selected, whichever file it shows. */
  readonly isAtTop: boolean;
  /** When a key was last pressed, by the wall clock. */
  readonly touchedAt: number;
  /** The first row of the window that is shown. */
  readonly top: number;
  readonly dialogs: readonly Dialog[];
  /** Newest last; bounded. */
  readonly log: readonly LogNote[];
  readonly history: History;
  readonly isReadOnly: boolean;
  readonly hasMouse: boolean;
  /** Null outside a tour. */
  readonly tour: Tour | null;
  /** What was last done, or why it was not; shown for a while. */
  readonly notice: { readonly text: string; readonly isBad: boolean; readonly untilAt: number } | null;
}

/** The actions that an operator can perform on a file. */
export type FileAction = 'retry' | 'skip' | 'first' | 'acknowledge';

/** Something to be done outside the model. */
export type Intent =
  | { readonly do: 'leave' }
  | { readonly do: 'redraw' }
  /** The window has changed: request another one. */
  | { readonly do: 'watch' }
  | { readonly do: 'act'; readonly action: FileAction; readonly id: string; readonly name: string }
  | { readonly do: 'hold' | 'release' | 'acknowledge'; readonly route: string }
  | { readonly do: 'evidence'; readonly route: string }
  | { readonly do: 'adopt'; readonly route: string }
  | { readonly do: 'show'; readonly id: string }
  | { readonly do: 'log'; readonly page: LogPage }
  | { readonly do: 'settings' }
  | { readonly do: 'safe'; readonly asked: SafeAsked }
  | { readonly do: 'cancel_safe' }
  | { readonly do: 'history'; readonly range: HistoryRange; readonly filter: string }
  /** Find a path for an export. `avoid`: folders in which a file would count as a source or a copy. */
  | { readonly do: 'find_path'; readonly past: PastExport; readonly avoid: readonly string[] }
  | { readonly do: 'export'; readonly past: PastExport; readonly path: string }
  | { readonly do: 'copy'; readonly text: string }
  /** Find out what could be started if nothing runs. */
  | { readonly do: 'offer' }
  | { readonly do: 'start_agent' }
  | { readonly do: 'check_folder'; readonly side: Side; readonly folders: TypedFolders }
  | { readonly do: 'write_config'; readonly folders: TypedFolders }
  | { readonly do: 'mouse'; readonly isOn: boolean }
  | { readonly do: 'tour'; readonly action: TourAction };

/** Something that happens to the model. */
export type Message =
  /** A key in the keymap's names: `up`, `pagedown`, `enter`, `escape`, `backspace`, `ctrl-c`, or the character itself. */
  | { readonly kind: 'key'; readonly key: string }
  /** Bracketed paste: text, never keys. */
  | { readonly kind: 'paste'; readonly text: string }
  /** `row`: of the screen, from 0. */
  | { readonly kind: 'click'; readonly row: number; readonly column: number }
  | { readonly kind: 'wheel'; readonly by: number }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'frame'; readonly frame: ScreenFrame }
  | { readonly kind: 'log'; readonly note: LogNote }
  /** The newest lines of the log so far, oldest first. */
  | { readonly kind: 'logged'; readonly notes: readonly LogNote[] }
  /** Oldest first. `next`: where the page after it begins. Null: it is the last. */
  | { readonly kind: 'log_page'; readonly page: LogPage; readonly notes: readonly LogNote[]; readonly next: number | null }
  | { readonly kind: 'no_log_page'; readonly page: LogPage; readonly why: string }
  | { readonly kind: 'settings'; readonly settings: SettingsDialog['settings']; readonly trouble: string | null }
  | { readonly kind: 'safe_progress'; readonly progress: SafeProgress }
  /** `trouble`: why the check has no answer. */
  | { readonly kind: 'safe'; readonly answer: SafeReport | null; readonly trouble: string | null }
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'shown'; readonly id: string; readonly files: readonly FileStory[] }
  | {
      readonly kind: 'history';
      readonly range: HistoryRange;
      readonly filter: string;
      readonly sums: readonly PastSum[] | null;
      readonly files: readonly FileJson[];
      readonly outages: readonly OutageJson[];
      readonly hasMore: boolean;
    }
  | { readonly kind: 'no_history'; readonly range: HistoryRange; readonly why: string }
  | { readonly kind: 'path_found'; readonly past: PastExport; readonly path: string }
  | { readonly kind: 'exported'; readonly path: string; readonly count: string }
  | { readonly kind: 'evidence'; readonly evidence: EvidenceJson }
  | { readonly kind: 'done'; readonly text: string; readonly isBad: boolean }
  | { readonly kind: 'offer'; readonly offer: Offer }
  /** `trouble` null: it runs. */
  | { readonly kind: 'agent_started'; readonly trouble: string | null }
  /** `typed`: the text that the check was about. */
  | { readonly kind: 'folder'; readonly side: Side; readonly typed: string; readonly check: FolderCheck }
  /** `offer`: what can be started with the new configuration. */
  | { readonly kind: 'config_written'; readonly offer: Offer }
  | { readonly kind: 'config_refused'; readonly trouble: string }
  | { readonly kind: 'tour'; readonly tour: Tour };

/** The result of a message: the next model, and what is to be done outside. */
export interface Updated {
  readonly model: Model;
  readonly intents: readonly Intent[];
}

/** A message of a tour. */
export type TourMessage = Extract<Message, { readonly kind: 'tour' | 'done' }>;

/** A tour that runs next to the screen, reports its step, and has its own keys. Nothing here blocks or throws. */
export interface ScreenTour {
  onMessage(listener: (message: TourMessage) => void): void;
  /** Carries out an action of the user. The result arrives as a message. */
  perform(action: TourAction): void;
}
