import type { Model, Updated } from '../model/model.ts';

/** A key of a view. Dialogs that ask a question have their own keys. */
export interface Binding {
  /** The names of the keys, as the terminal reports them. */
  readonly keys: readonly string[];
  /** The label that is shown. */
  readonly label: string;
  readonly does: Command;
  /** Description of its present effect, for the footer and the help. */
  readonly text: string | ((model: Model) => string);
  /** Whether it is useful now. The footer and the help show only such keys. */
  readonly isValid: (model: Model) => boolean;
  /** Why the key has no effect now. Null: that needs no explanation. */
  readonly whyNot?: (model: Model) => string | null;
  readonly run: (model: Model) => Updated;
  readonly footer?: FooterPosition;
  /** The views where the key is valid. Absent: the list and the history. In the detail of a file the key acts on that file. */
  readonly in?: readonly Place[];
}

/** The place of a key in the footer. */
interface FooterPosition {
  /** Position from the left. */
  readonly position: number;
  /** Highest ranks are dropped first if there is no room for all. */
  readonly rank: number;
}

/** The views that have keys. The history has the keys of the list. */
export const places = ['list', 'detail', 'log', 'settings', 'conditions', 'safe'] as const;
/** A view that has keys. */
export type Place = (typeof places)[number];

/** The action of a key. */
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
