import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { selfCommand } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';

/**
 * Runs this command again as another user, with that user's groups: only a trial shows what a service account may read and write.
 * @returns its exit code
 * @throws CommandError if that user does not exist, or this user may not become another
 */
export async function runAs(user: string): Promise<number> {
  if (process.platform === 'win32' || process.getuid?.() !== 0) {
    throw new CommandError(
      `cannot check as ${JSON.stringify(user)}: only root can do this; run the command as that user instead`,
      exitCode.badUsage,
    );
  }
  if (spawnSync('id', ['-u', '--', user]).status !== 0) {
    throw new CommandError(`cannot check as ${JSON.stringify(user)}: there is no such user`, exitCode.badUsage);
  }
  const { command, args } = selfCommand();
  const again = withoutAs(process.argv.slice(2));
  const child = spawn('runuser', ['-u', user, '--', command, ...args, ...again], { stdio: 'inherit' });
  return await new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(
        new CommandError(
          `cannot check as ${JSON.stringify(user)}: the program runuser (package util-linux) is needed: ${error.message}`,
          exitCode.notAsAsked,
        ),
      ),
    );
    child.on('exit', (code) => resolve(code ?? exitCode.notAsAsked));
  });
}

function withoutAs(args: readonly string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith('--as=') && arg !== '--as' && args[index - 1] !== '--as');
}
