import process from 'node:process';
import { CommandError, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import type { Program } from '../base/program.ts';

interface DemoOptions {
  readonly seconds?: string;
  readonly screen: boolean;
  readonly ascii?: boolean;
  readonly unicode?: boolean;
}

/** Adds the command `demo`. */
export function addDemo({ command, does }: Program): void {
  command
    .command('demo')
    .description('play a tour in a temporary folder; exit 0 only if every byte arrived')
    .option('--seconds <number>', 'how long the recorder of the tour records, 4 to 600')
    .option('--no-screen', 'play it as text, without the screen')
    .option('--ascii', 'draw the screen with ASCII characters only')
    .option('--unicode', 'draw the screen with line-drawing characters')
    .action(does(demo));
}

/** Uses the screen if the terminal can show one. */
async function demo({ screen, seconds: asked, ascii, unicode }: DemoOptions): Promise<number> {
  const seconds = asked === undefined ? null : secondsOf(asked);
  const { canShowScreen } = await import('@sluice/tui/theme');
  if (!screen || !canShowScreen(process.env, process)) {
    const { runDemo } = await import('../../demo/demo.ts');
    return await runDemo({ seconds });
  }
  const { runTour } = await import('../../demo/tour/tour.ts');
  return await runTour({ seconds, ...(ascii === true || unicode === true ? { unicode: unicode === true } : {}) });
}

/** @throws CommandError if the text is not a valid number of seconds */
function secondsOf(asked: string): number {
  const seconds = Number(asked);
  if (asked.trim() === '' || Number.isNaN(seconds)) {
    throw new CommandError(
      `--seconds is ${JSON.stringify(asked)}; expected a number from ${limits.demoMinSeconds} to ${limits.demoMaxSeconds}`,
      exitCode.badUsage,
    );
  }
  return Math.min(Math.max(seconds, limits.demoMinSeconds), limits.demoMaxSeconds);
}
