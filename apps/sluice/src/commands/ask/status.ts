import { agentLocations, NotRunning, type StatusReply } from '@sluice/control';
import { version } from '../../version.ts';
import { around, type WhereOptions } from '../base/agent.ts';
import { addWhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { stateDirWithJournal, whyNoneCanStart } from './agent-or-journal.ts';
import { type StatusOptions, showAnswer, showStatus } from './show-status.ts';

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
  try {
    return await showStatus(options);
  } catch (error) {
    if (!(error instanceof NotRunning) || options.metrics === true) throw error;
    return await showAnswer(options, notRunning(options));
  }
}

function notRunning(where: WhereOptions): StatusReply {
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
