import { errnoOf } from '@sluice/platform';

/**
 * Returns why a child could not be started, and what to do. Only Linux starts children from the open file of the program; on other
 * systems the program has to be at its path.
 * @param command the program that was to be started
 */
export function startFailure(error: Error, command: string): string {
  const code = errnoOf(error);
  switch (code) {
    case 'ENOENT':
      return `${command} no longer exists (ENOENT): put the program back, or restart the agent with the program that is installed now`;
    case 'EACCES':
    case 'EPERM':
      return `${command} can no longer be executed (${code})`;
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return `the system refuses to start more processes (${code})`;
    default:
      return error.message;
  }
}
