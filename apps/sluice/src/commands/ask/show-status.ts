import { askAgent, type StatusJson, type StatusReply } from '@sluice/control';
import { cleanJson, exitCode, statusLines } from '@sluice/words';
import { limits } from '../../limits.ts';
import { paint, print } from '../../output.ts';
import { around, type WhereOptions } from '../base/agent.ts';

/** The options of `status`. */
export interface StatusOptions extends WhereOptions {
  readonly json?: boolean;
  readonly check?: boolean;
  readonly metrics?: boolean;
}

const { agentAnswerMs: deadlineMs } = limits;

/** Prints what the agent says. @returns the exit code @throws NotRunning */
export async function showStatus(options: StatusOptions): Promise<number> {
  if (options.metrics === true) {
    // The text keeps its line breaks.
    const { text } = await askAgent('metrics', { ...options, around: around() }, deadlineMs);
    await print([text.trimEnd()]);
    return exitCode.done;
  }
  return await showAnswer(options, await askAgent('status', { ...options, around: around() }, deadlineMs));
}

/** Prints the verdict, then a line for each route. @returns the exit code */
export async function showAnswer(options: StatusOptions, found: StatusReply): Promise<number> {
  if (options.check === true) {
    if (!found.agent.running) return exitCode.noAgent;
    return found.verdict.ok ? exitCode.done : exitCode.notAsAsked;
  }
  await print(options.json === true ? [cleanJson(asContracted(found))] : statusLines(found, Date.now(), paint()));
  return found.agent.running ? exitCode.done : exitCode.noAgent;
}

/** Removes the figures that only this program uses. */
function asContracted(status: StatusReply): StatusJson {
  return { ...status, routes: status.routes.map(({ recording: _r, copying: _c, waiting: _w, ...route }) => route) };
}
