import { agentLocations, connectAgent, NotRunning, type StatusJson, type StatusReply } from '@sluice/control';
import { cleanJson, exitCode, statusLines } from '@sluice/words';
import { limits } from '../../limits.ts';
import { paint, print } from '../../output.ts';
import { version } from '../../version.ts';
import { addWhereOptions, around, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface StatusOptions extends WhereOptions {
  readonly json?: boolean;
  readonly check?: boolean;
  readonly metrics?: boolean;
}

/** Adds the command `status`. */
export function addStatus({ command, does }: Program): void {
  addWhereOptions(command.command('status'))
    .description('show a verdict in the first line, then a line per route')
    .option('--json', 'print JSON')
    .option('--check', 'print nothing; exit 0: everything is well, 1: it is not, 3: no agent is running')
    .option('--metrics', 'print figures in the text format of Prometheus')
    .action(does(status));
}

/** Prints the verdict, then a line for each route. @returns the exit code */
export async function status(options: StatusOptions): Promise<number> {
  if (options.metrics === true) {
    // The text keeps its line breaks.
    const { text } = await withAgent(options, (client) => client.request('metrics', {}, { deadlineMs: limits.agentAnswerMs }));
    await print([text.trimEnd()]);
    return exitCode.done;
  }
  const found = await ask(options);
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

async function ask(where: WhereOptions): Promise<StatusReply> {
  try {
    const client = await connectAgent({ ...where, around: around() }, limits.agentAnswerMs);
    try {
      return await client.request('status', {}, { deadlineMs: limits.agentAnswerMs });
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    return await notRunning(where);
  }
}

async function notRunning(where: WhereOptions): Promise<StatusReply> {
  // SQLite is not loaded if an agent answers.
  const { stateDirWithJournal, whyNoneCanStart } = await import('./asked.ts');
  const withJournal = stateDirWithJournal(where);
  const trouble = withJournal === null ? null : whyNoneCanStart(withJournal);
  const stateDir = withJournal ?? agentLocations({ ...where, around: around() })[0]?.stateDir ?? '';
  return {
    v: 1,
    verdict: {
      ok: false,
      text:
        trouble === null
          ? `no agent is running on ${stateDir}; sluice run starts one`
          : `no agent is running on ${stateDir}, and none can start: ${trouble}`,
    },
    agent: { running: false, pid: null, version, startedAt: null, stateDir },
    routes: [],
  };
}
