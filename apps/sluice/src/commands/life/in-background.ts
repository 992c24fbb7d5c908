import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { connectControl } from '@sluice/control';
import { selfCommand, wakingClock } from '@sluice/platform';
import { type ServicePlan, succeeds } from '@sluice/service';
import { CommandError, clean, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';

/**
 * Starts this program again as an agent that continues when this process ends, and waits until it answers.
 * @returns its pid
 * @throws CommandError with its output if it ended
 */
export async function startInBackground(stateDir: string, args: readonly string[]): Promise<number> {
  const { command, args: before } = selfCommand();
  // If this process is part of a service, the new agent is not that service. If a hook runs it, the new agent is not ended with it.
  const { NOTIFY_SOCKET: _, SLUICE_HOOK: __, ...env } = process.env;
  const child = spawn(command, [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true, env });
  let said = '';
  let endedWith: number | null | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-limits.saidLength)));
  child.on('error', (error) => {
    said += error.message;
    endedWith = exitCode.notAsAsked;
  });
  // Not at its exit, because its last output may still be under way.
  child.on('close', (code) => {
    endedWith = code;
  });
  const deadline = wakingClock.now() + limits.upWithinMs;
  while (wakingClock.now() < deadline && endedWith === undefined) {
    if ((await pidOf(stateDir)) === child.pid) {
      letGo(child);
      return child.pid ?? 0;
    }
    await pause(limits.upPollMs);
  }
  if (endedWith === undefined) {
    child.kill();
    letGo(child);
    throw new CommandError(
      `the agent did not answer within ${limits.upWithinMs / 1_000} s, so it was ended; it said: ${clean(said)}`,
      exitCode.notAsAsked,
    );
  }
  throw new CommandError(
    said.trim() === '' ? 'the agent did not start and said nothing; run "sluice run" to see why' : said.trim().replace(/^sluice: /, ''),
    endedWith ?? exitCode.notAsAsked,
  );
}

/** Lets this process end while the other one continues. */
function letGo(child: ChildProcess): void {
  child.stderr?.destroy();
  child.unref();
}

/**
 * Waits for an agent that a service manager has started.
 * @throws CommandError if it has ended again, or does not answer in time
 */
export async function waitForAgent(stateDir: string, { isActive, seeLog }: Pick<ServicePlan, 'isActive' | 'seeLog'>): Promise<void> {
  const startedAt = wakingClock.now();
  while ((await pidOf(stateDir)) === null) {
    const waitedMs = wakingClock.now() - startedAt;
    if (waitedMs > limits.surelyBegunMs && !succeeds(isActive))
      throw new CommandError(`the service started and ended; its log says why: ${seeLog}`, exitCode.notAsAsked);
    if (waitedMs > limits.upWithinMs)
      throw new CommandError(
        `the agent did not answer within ${limits.upWithinMs / 1_000} s; its log says why: ${seeLog}`,
        exitCode.notAsAsked,
      );
    await pause(waitedMs > limits.surelyBegunMs ? limits.askServiceEveryMs : limits.upPollMs);
  }
}

/** @returns the pid of the agent that answers, or null */
async function pidOf(stateDir: string): Promise<number | null> {
  try {
    const client = await connectControl({ stateDir, deadlineMs: 1_000 });
    client.close();
    return client.hello.pid;
  } catch {
    return null;
  }
}
