import { spawn } from 'node:child_process';
import type { RouteName } from '@sluice/core';
import type { Log } from './log/log.ts';

/**
 * Warns in the log that a route needs a person, and runs the operator's hook. The hook may hang or fail: nothing waits for it.
 *
 * @param onAttention the command and its arguments, with `{summary}` and `{route}` to be filled in; empty: none
 */
export function callAttention(onAttention: readonly string[], log: Log, route: RouteName, summary: string): void {
  log.forRoute(route).warn(summary);
  const [command, ...args] = onAttention;
  if (command === undefined) return;
  const filled = args.map((arg) => arg.replaceAll('{summary}', summary).replaceAll('{route}', route));
  const hook = spawn(command, filled, { stdio: 'ignore', detached: true });
  hook.on('error', (error) => log.error(`the attention hook ${command} cannot be run: ${error.message}`));
  hook.unref();
}
