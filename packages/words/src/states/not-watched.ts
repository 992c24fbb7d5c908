/** The Linux settings that limit watches, by the error code of the system. */
const settings: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches',
  EMFILE: 'fs.inotify.max_user_instances',
};

/** Returns what it means that the system refused to watch a source, and what to do about it. @param code error code */
export function notWatchedText(code: string): string {
  const setting = settings[code];
  const todo = setting === undefined ? '' : `; raise ${setting}, then restart Sluice`;
  return `the system has no watches left (${code}): Sluice finds new files by scans only${todo}`;
}
