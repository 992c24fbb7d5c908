import type { Model, Updated } from '../model/model.ts';

/** A key in a view. What asks a question has other keys. */
export interface Binding {
  /** The names of the keys, as the terminal reports them. */
  readonly keys: readonly string[];
  /** The label that is shown. */
  readonly label: string;
  readonly does: Command;
  /** What it does now, for the footer and the help. */
  readonly text: string | ((model: Model) => string);
  /** Whether it is useful now. The footer and the help show only such keys. */
  readonly isValid: (model: Model) => boolean;
  /** Why it does nothing now. Null: that needs no explanation. */
  readonly whyNot?: (model: Model) => string | null;
  readonly run: (model: Model) => Updated;
  readonly footer?: FooterPosition;
  /** Where the key is valid. Absent: in the list and the history. In the detail of a file it is for that file. */
  readonly in?: readonly Place[];
}

/** The place of a key in the footer. */
interface FooterPosition {
  /** Position from the left. */
  readonly position: number;
  /** If there is no room for all, those with the lowest ranks stay. */
  readonly rank: number;
}

/** The views that have keys. The history has those of the list. */
export const places = ['list', 'detail', 'log', 'settings', 'conditions', 'safe'] as const;
/** A view that has keys. */
export type Place = (typeof places)[number];

/** What a key does. */
export type Command =
  | 'up'
  | 'down'
  | 'page_up'
  | 'page_down'
  | 'first_row'
  | 'last_row'
  | 'detail'
  | 'retry'
  | 'first'
  | 'skip'
  | 'hold'
  | 'adopt'
  | 'offer'
  | 'narrower'
  | 'wider'
  | 'export'
  | 'filter'
  | 'clear'
  | 'sort'
  | 'reverse'
  | 'recovered'
  | 'freeze'
  | 'copy'
  | 'mouse'
  | 'acknowledge'
  | 'log'
  | 'settings'
  | 'safe'
  | 'conditions'
  | 'older'
  | 'newer'
  | 'older_page'
  | 'newer_page'
  | 'oldest'
  | 'newest'
  | 'defaults'
  | 'again'
  | 'read_bytes'
  | 'tour_storage'
  | 'tour_disk'
  | 'tour_recorder'
  | 'help'
  | 'leave';
