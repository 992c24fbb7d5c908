import type { EvidenceJson, FileJson, LogNote, OutageJson, ScreenFrame, TimelineJson } from '@sluice/control';
import type { ScreenSort, ScreenTab } from '@sluice/lists';
import type { FolderCheck, Offer, Side, TypedFolders } from './starter.ts';
import type { TypedLine } from './typed.ts';

/** Whether the agent answers. */
export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The last picture is kept and marked stale. `sinceAt`: wall clock. */
  | { readonly kind: 'lost'; readonly why: string; readonly cause: LostCause; readonly sinceAt: number };

/** `refused`: it belongs to another user. `away`: it may run, and does not answer. */
export type LostCause = 'not_running' | 'refused' | 'away';

export type Tab = ScreenTab | 'history';

/** What lies over the list. */
export type Dialog =
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'detail'; readonly id: string; readonly files: readonly FileStory[] | null; readonly scroll: number }
  /** `typed`: a name that has to be typed before it is done; null: y or n. */
  | {
      readonly kind: 'confirm';
      readonly intent: Intent;
      readonly lines: readonly string[];
      /** The same in fewer words, for a small screen; the longest first. */
      readonly shorter?: readonly (readonly string[])[];
      readonly expected: string | null;
      readonly typed: string;
      /** Characters behind the caret; absent: none. */
      readonly after?: number;
    }
  | { readonly kind: 'message'; readonly lines: readonly string[] }
  /** No agent runs. `trouble`: why starting one failed. */
  | { readonly kind: 'offer'; readonly offer: Offer; readonly isStarting: boolean; readonly trouble: string | null }
  | { readonly kind: 'set_up'; readonly setUp: SetUp };

/** The guided set-up: two folders, then both with what was found there, and a yes. */
export interface SetUp {
  /** What will be written. */
  readonly file: string;
  readonly step: Side | 'confirm';
  readonly source: FolderField;
  readonly destination: FolderField;
  readonly isWriting: boolean;
  readonly trouble: string | null;
}

/** A folder that is typed, and what was found there. `isAsking`: the answer is awaited. */
export interface FolderField {
  readonly typed: string;
  /** Characters behind the caret; absent: none. */
  readonly after?: number;
  readonly isAsking: boolean;
  readonly check: FolderCheck | null;
}

export interface FileStory {
  readonly file: FileJson;
  readonly timeline: readonly TimelineJson[];
}

/** How far back a history goes; the narrowest first. */
export const historyRanges = ['24h', '7d', '30d', 'all'] as const;
export type HistoryRange = (typeof historyRanges)[number];

export interface History {
  /** How many had ended when it was asked for, by the agent's own count. */
  readonly endedThen: number;
  /** The one that is shown, or asked for. */
  readonly range: HistoryRange;
  /** Of what is held here: only what matches it was read from the journal. Empty: all. */
  readonly filter: string;
  /** That the journal was last asked for. */
  readonly askedFilter: string;
  /** What was copied, over all that ended and match; null: as far as the files that are held here tell. */
  readonly sums: readonly PastSum[] | null;
  /** What ended in it, the newest first. */
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  /** More files ended in it, before these. */
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the last asking brought nothing; null: it did. */
  readonly trouble: string | null;
  /** Id of a file or of an outage; null: there is none. It stays selected wherever its row moves. */
  readonly selected: string | null;
  /** First line of outages and files that is shown. */
  readonly top: number;
}

/** What was copied from one moment to the next such. */
export interface PastSum {
  /** Wall clock, milliseconds: the start of a local day, or of the time that is asked for. */
  readonly from: number;
  readonly files: number;
  readonly bytes: number;
}

/** What is written to a file: what the history shows when it is asked for. */
export interface PastExport {
  readonly range: HistoryRange;
  /** Which files and outages these are; empty: all. */
  readonly filter: string;
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  /** They are of so many, the newest ones; null: of all. */
  readonly newest: number | null;
}

/** A tour that plays next to the list: what it says, and what its own keys would change. */
export interface Tour {
  readonly step: number;
  readonly steps: number;
  /** What happens, the longest version first. */
  readonly shows: readonly string[];
  /** What to watch or to try, in the same way. */
  readonly hints: readonly string[];
  /** Whether the inserted disk is the one that the agent accepts as its destination. */
  readonly storage: 'right' | 'wrong' | 'gone';
  /** Whether it has been played: from then on the storage is the user's to break. */
  readonly isPlayed: boolean;
}

/** What the keys of a tour ask for. */
export type TourAction = 'storage' | 'disk' | 'recorder';

/** All that the picture is made from. Pure data. */
export interface Model {
  readonly size: { readonly columns: number; readonly rows: number };
  /** Wall clock, milliseconds. */
  readonly now: number;
  readonly link: Link;
  readonly frame: ScreenFrame | null;
  /** `z`: this picture stays, the agent goes on. */
  readonly frozen: ScreenFrame | null;
  readonly tab: Tab;
  readonly sort: ScreenSort;
  readonly isReversed: boolean;
  readonly hideRecovered: boolean;
  readonly filter: TypedLine & { readonly isEditing: boolean };
  /** The selected file; it stays selected wherever its row moves, unless `isAtTop`. Null where it is not fetched yet. */
  readonly selected: string | null;
  /** The row of the selection among all that match, from 0. */
  readonly at: number;
  /** Nobody has moved: the first row is selected as a place, whichever file stands there. */
  readonly isAtTop: boolean;
  /** When a key was last pressed, wall clock. */
  readonly touchedAt: number;
  /** First row of the window that is shown. */
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

/** What is to be done outside of the model. */
export type Intent =
  | { readonly do: 'leave' }
  | { readonly do: 'redraw' }
  /** The window has changed: ask for another one. */
  | { readonly do: 'watch' }
  | { readonly do: 'act'; readonly action: 'retry' | 'skip' | 'first'; readonly id: string; readonly name: string }
  | { readonly do: 'hold' | 'release'; readonly route: string }
  | { readonly do: 'evidence'; readonly route: string }
  | { readonly do: 'adopt'; readonly route: string }
  | { readonly do: 'show'; readonly id: string }
  | { readonly do: 'history'; readonly range: HistoryRange; readonly filter: string }
  /** Where it can go; `avoid`: folders in which a file would be mistaken for a source or a copy. */
  | { readonly do: 'find_path'; readonly past: PastExport; readonly avoid: readonly string[] }
  | { readonly do: 'export'; readonly past: PastExport; readonly path: string }
  | { readonly do: 'copy'; readonly text: string }
  /** What could be started, where nothing runs. */
  | { readonly do: 'offer' }
  | { readonly do: 'start_agent' }
  | { readonly do: 'check_folder'; readonly side: Side; readonly folders: TypedFolders }
  | { readonly do: 'write_config'; readonly folders: TypedFolders }
  | { readonly do: 'mouse'; readonly isOn: boolean }
  | { readonly do: 'tour'; readonly action: TourAction };

/** What happens to the model. */
export type Message =
  /** As the keymap names it: `up`, `pagedown`, `enter`, `escape`, `backspace`, `ctrl-c`, or the character itself. */
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
  /** The newest that was logged before, oldest first. */
  | { readonly kind: 'logged'; readonly notes: readonly LogNote[] }
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
  /** `trouble`: null, it runs. */
  | { readonly kind: 'agent_started'; readonly trouble: string | null }
  /** `typed`: what was asked about. */
  | { readonly kind: 'folder'; readonly side: Side; readonly typed: string; readonly check: FolderCheck }
  /** `offer`: what can be started with what was written. */
  | { readonly kind: 'config_written'; readonly offer: Offer }
  | { readonly kind: 'config_refused'; readonly trouble: string }
  | { readonly kind: 'tour'; readonly tour: Tour };

/** What a message makes of a model, and what is to be done outside. */
export interface Updated {
  readonly model: Model;
  readonly intents: readonly Intent[];
}

export type TourMessage = Extract<Message, { readonly kind: 'tour' | 'done' }>;

/** A tour that plays next to the screen, reports its step, and has its own keys. Nothing here blocks or throws. */
export interface ScreenTour {
  onMessage(listener: (message: TourMessage) => void): void;
  /** The result arrives as a message. */
  perform(action: TourAction): void;
}
