import type { LogNote, Replies } from '@sluice/control';
import type { SafeAsked, SafeProgress, SafeReport } from './safe.ts';

/** The log, of which a part is loaded. */
export interface LogDialog {
  readonly kind: 'log';
  /** Oldest first; bounded. */
  readonly notes: readonly LogNote[];
  /** Where the page before these lines begins: the value for `before`. Null: the log begins with them. */
  readonly older: number | null;
  /** Where the page after these lines begins: the value for `after`. Null: the log ends with them. */
  readonly newer: number | null;
  /** The last line that is shown, counted from 0. */
  readonly last: number;
  /** The page that was requested and has not arrived. */
  readonly asked: LogPage | null;
  /** Why the last request failed. Null: it did not. */
  readonly trouble: string | null;
}

/** A page of the log: lines before a record or after one; the newest lines if both are null. */
export interface LogPage {
  readonly before: number | null;
  readonly after: number | null;
}

/** The settings in force. */
export interface SettingsDialog {
  readonly kind: 'settings';
  /** Null: not known yet. */
  readonly settings: Replies['settings']['settings'] | null;
  /** Only those that a file or an option sets. */
  readonly hidesDefaults: boolean;
  readonly trouble: string | null;
  readonly scroll: number;
}

/** What a person should know, and what to do. */
export interface ConditionsDialog {
  readonly kind: 'conditions';
  readonly scroll: number;
}

/** What is asked before a source is checked: which one, and which part of it. */
export interface AskSafeDialog {
  readonly kind: 'ask_safe';
  /** What the up and down keys choose from: sources, and folders of the selected file. */
  readonly targets: readonly SafeTarget[];
  readonly at: number;
  /** A folder below the source. Empty: all of it. */
  readonly typed: string;
  /** Characters after the caret. Absent: none. */
  readonly after?: number;
  /** Whether the bytes are read again. */
  readonly reads: boolean;
}

/** A part of a source. */
export interface SafeTarget {
  readonly route: string;
  readonly source: string;
  /** Empty: all of it. */
  readonly folder: string;
}

/** Whether a source may be cleared: how far the check is, then its answer. */
export interface SafeDialog {
  readonly kind: 'safe';
  readonly asked: SafeAsked;
  /** Null: nothing is counted yet. */
  readonly progress: SafeProgress | null;
  readonly answer: SafeReport | null;
  readonly trouble: string | null;
  readonly scroll: number;
}
