import { exitCode } from '../exit-code.ts';
import type { Program } from './program.ts';

export function addDemo({ command, does }: Program): void {
  command
    .command('demo')
    .description('a self-contained tour in a temporary folder; exit 0 only if every byte arrived')
    .option('--seconds <number>', 'how long the recorder of the tour records', '8')
    .option('--no-screen', 'without the screen')
    .action(
      does(async (options: { readonly seconds: string }) => {
        const { runDemo } = await import('../demo/demo.ts');
        return (await runDemo(options)) ? exitCode.done : exitCode.notAsAsked;
      }),
    );
}
