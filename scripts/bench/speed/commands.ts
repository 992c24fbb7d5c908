import { execPath } from 'node:process';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { programs } from '../program.ts';
import { BenchAgent, makeSpeedFolders } from './bench-agent.ts';
import { timed } from './peers.ts';

/** Measures `status` with a running agent, each followed by a start of the bare runtime. */
export async function measureCommands(): Promise<readonly Figure[]> {
  const starts = count('starts', 25);
  const [program] = programs();
  const [command = '', ...first] = program?.command ?? [];
  const folders = makeSpeedFolders();
  const agent = new BenchAgent(folders, []);
  try {
    (await agent.client()).close();
    const readings = { bare: [] as number[], status: [] as number[] };
    for (let turn = 0; turn < starts; turn += 1) {
      readings.status.push(timed(command, [...first, 'status', '--state', folders.stateDir]));
      readings.bare.push(timed(execPath, ['-e', '0']));
    }
    const times = readings.status.map((ms, turn) => ms / (readings.bare[turn] ?? Number.NaN));
    return [
      { what: 'commands: the bare runtime, -e 0', unit: 'ms', goal: null, readings: readings.bare, judged: 'median' },
      { what: `commands: status, ${program?.what}`, unit: 'ms', goal: null, readings: readings.status, judged: 'median' },
      { what: 'commands: status, times the bare runtime', unit: 'x', goal: 1.5, readings: times, judged: 'median' },
    ];
  } finally {
    await agent.stop();
    folders.remove();
  }
}
