import type { EvidenceJson, FileJson, LogNote, OutageJson, ScreenFrame, ScreenSort, ScreenTab, TimelineJson } from '@sluice/agent';

/** Whether the agent answers. */
export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** The last picture is kept and marked stale. `sinceAt`: wall clock. */
  | { readonly kind: 'lost'; readonly why: string; readonly sinceAt: number };

export type Tab = ScreenTab | 'history';

/** What lies over the list. */
export type Dialog =
  | { readonly kind: 'help' }
  | { readonly kind: 'detail'; readonly id: string; readonly files: readonly FileStory[] | null; readonly scroll: number }
  /** `typed`: a name that has to be typed before it is done; null: y or n. */
  | {
      readonly kind: 'confirm';
      readonly intent: Intent;
      readonly lines: readonly string[];
      readonly wanted: string | null;
      readonly typed: string;
    }
  | { readonly kind: 'message'; readonly lines: readonly string[] };

export interface FileStory {
  readonly file: FileJson;
  readonly timeline: readonly TimelineJson[];
}

export interface History {
  readonly range: '24h' | '7d' | '30d' | 'all';
  readonly files: readonly FileJson[];
  readonly outages: readonly OutageJson[];
  readonly isLoading: boolean;
  readonly scroll: number;
}

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
  readonly filter: { readonly text: string; readonly isEditing: boolean };
  /** The selected file; it stays selected wherever its row moves. */
  readonly selected: string | null;
  /** First row of the window that is shown. */
  readonly top: number;
  readonly dialogs: readonly Dialog[];
  /** Newest last; bounded. */
  readonly log: readonly LogNote[];
  readonly history: History;
  readonly isReadOnly: boolean;
  readonly hasMouse: boolean;
  /** What was last done, or why it was not; shown for a while. */
  readonly notice: { readonly text: string; readonly isBad: boolean; readonly untilAt: number } | null;
}

/** What is to be done outside of the model. */
export type Intent =
  | { readonly do: 'leave' }
  | { readonly do: 'redraw' }
  /** The window has changed: ask for another one. */
  | { readonly do: 'look' }
  | { readonly do: 'act'; readonly action: 'retry' | 'skip' | 'first'; readonly id: string; readonly name: string }
  | { readonly do: 'hold' | 'release'; readonly route: string }
  | { readonly do: 'evidence'; readonly route: string }
  | { readonly do: 'adopt'; readonly route: string }
  | { readonly do: 'show'; readonly id: string }
  | { readonly do: 'history'; readonly range: History['range'] }
  | { readonly do: 'copy'; readonly text: string }
  | { readonly do: 'mouse'; readonly isOn: boolean };

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
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'shown'; readonly id: string; readonly files: readonly FileStory[] }
  | {
      readonly kind: 'history';
      readonly range: History['range'];
      readonly files: readonly FileJson[];
      readonly outages: readonly OutageJson[];
    }
  | { readonly kind: 'evidence'; readonly evidence: EvidenceJson }
  | { readonly kind: 'done'; readonly text: string; readonly isBad: boolean };
