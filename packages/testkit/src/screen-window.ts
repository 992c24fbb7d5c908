/** The window that a client requests to see everything: the first rows of all files, in the order of a new screen. */
export const everything = {
  tab: 'all',
  filter: '',
  sort: 'attention',
  isReversed: false,
  hideRecovered: false,
  offset: 0,
  limit: 200,
  anchor: null as string | null,
} as const;
