import type { LogNote, Replies } from '@sluice/control';
import type { SafeAsked, SafeProgress, SafeReport } from './safe.ts';

/** The log, partly loaded. */
export interface LogDialog {
  readonly kind: 'log';
  /** Oldest first. Their number is bounded. */
  readonly notes: readonly LogNote[];
  /** Where the page before these lines begins: the value for `before`. Null: the log begins with them. */
  readonly older: number | null;
  /** Where the page after these lines begins: the value for `after`. Null: the log ends with them. */
  readonly newer: number | null;
  /** Index of the last visible line, counted from 0. */
  readonly last: number;
  /** The page that was requested and has not arrived. */
  readonly asked: LogPage | null;
  /** Why the last request failed. Null: it succeeded, or is under way. */
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
  /** Null: not received yet. */
  readonly settings: Replies['settings']['settings'] | null;
  /** Whether settings with default values are hidden. */
  readonly hidesDefaults: boolean;
  readonly trouble: string | null;
  readonly scroll: number;
}

/** The list of conditions, with their remedies. */
export interface ConditionsDialog {
  readonly kind: 'conditions';
  readonly scroll: number;
}

/** The question before a source is checked: which source, and which part of it. */
export interface AskSafeDialog {
  readonly kind: 'ask_safe';
  /** The choices of the up and down keys: sources, and folders of the selected file. */
  readonly targets: readonly SafeTarget[];
  readonly at: number;
  /** A folder below the source. Empty: all of it. */
  readonly typed: string;
  /** Number of characters after the caret. Absent: 0. */
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

/** The check of a source: first its progress, then its answer. */
export interface SafeDialog {
  readonly kind: 'safe';
  readonly asked: SafeAsked;
  /** Null: no progress has been reported. */
  readonly progress: SafeProgress | null;
  readonly answer: SafeReport | null;
  readonly trouble: string | null;
  readonly scroll: number;
}
