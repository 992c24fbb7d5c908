const laneReason = 'the copy processes have as many threads as they were started for';

/** Settings that a running agent cannot change, and why. Keys have the name of their table. */
const reasons: Readonly<Record<string, string>> = {
  'agent.state_dir': 'the journal and the control socket of the running agent are in this folder',
  'agent.socket_group': 'the agent sets the group of its socket and of the state folder when it starts',
  'agent.lanes': laneReason,
  'agent.growing_lanes': laneReason,
  'agent.small_size': laneReason,
  'journal.keep_days': 'the agent removes old records by the value with which it opened the journal',
  'route.source': 'the tracked files of the route are those of the present folder',
  'route.destination': 'running copies write into the present folder, and its marker is the one that is known',
  'route.guard': 'the present destination was recognized in this way',
  'route.archive_dir': 'source files may be on their way into the present folder',
};

/** Returns why a setting takes effect only after a restart, or null. @param key `agent.lanes`, `route.growing.min_size` */
export function restartReason(key: string): string | null {
  return Object.hasOwn(reasons, key) ? (reasons[key] ?? null) : null;
}
