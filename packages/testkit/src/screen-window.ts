/** What a client that wants to see all asks an agent for: the first rows of every file, in the order of a screen that was just begun. */
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
