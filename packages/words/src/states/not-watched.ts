/** The Linux settings that limit watches, by the error code of the system. */
const settings: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches',
  EMFILE: 'fs.inotify.max_user_instances',
};

/** Returns what the refusal of the system to watch a source means, and the remedy. @param code error code */
export function notWatchedText(code: string): string {
  const setting = settings[code];
  const todo = setting === undefined ? '' : `; raise ${setting}, then restart Sluice`;
  return `the system has no watches left (${code}): Sluice finds new files by scans only${todo}`;
}
