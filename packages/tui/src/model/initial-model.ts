import type { Model } from './model.ts';

/** What the first model depends on. */
export interface ModelOptions {
  readonly columns: number;
  readonly rows: number;
  /** Wall clock, milliseconds. */
  readonly now: number;
  readonly isReadOnly: boolean;
}

/** Returns the model of a screen before the agent has answered. */
export function initialModel({ columns, rows, now, isReadOnly }: ModelOptions): Model {
  return {
    size: { columns, rows },
    now,
    link: { kind: 'connecting' },
    frame: null,
    frozen: null,
    tab: 'all',
    sort: 'attention',
    isReversed: false,
    hideRecovered: false,
    filter: { text: '', isEditing: false },
    selected: null,
    at: 0,
    isAtTop: true,
    touchedAt: now,
    top: 0,
    dialogs: [],
    log: [],
    history: {
      endedThen: 0,
      range: '24h',
      filter: '',
      askedFilter: '',
      sums: null,
      files: [],
      outages: [],
      hasMore: false,
      isLoading: false,
      trouble: null,
      selected: null,
      top: 0,
    },
    isReadOnly,
    hasMouse: false,
    tour: null,
    notice: null,
  };
}
