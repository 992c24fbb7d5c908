import process from 'node:process';
import { endOnFault, endWithFault } from './fault.ts';
import { ignoreNodeVariables } from './packed/environment.ts';
import { version, versionText } from './version.ts';

/** Runs the program. There is no top-level `await`: in the executable this file is CommonJS, and its imports are separate files. */
async function main([word, ...rest]: readonly string[]): Promise<void> {
  // This comes before any import of the command line, so that a child starts faster.
  if (word === '__child') {
    const { runChildKind } = await import('@sluice/agent/children');
    if (isOfAnother(process.env['SLUICE_PARENT_VERSION'])) process.exitCode = 2;
    else if (!runChildKind(rest[0] ?? '')) process.exitCode = 2;
  } else if (word === '--version' && rest.length === 0) {
    process.stdout.write(`${versionText(version)}\n`);
  } else {
    const code = word === 'status' ? await statusAlone(rest) : null;
    process.exitCode = code ?? (await wholeProgram());
  }
}

async function statusAlone(words: readonly string[]): Promise<number | null> {
  const { runStatus } = await import('./status-program.ts');
  return await runStatus(words);
}

async function wholeProgram(): Promise<number> {
  const { runProgram } = await import('./program.ts');
  return await runProgram(process.argv.slice(2));
}

/** The file of a running agent was replaced, and two versions need not understand each other. */
function isOfAnother(parentVersion: string | undefined): boolean {
  if (parentVersion === undefined || parentVersion === version) return false;
  process.stderr.write(
    `the program was replaced while its agent runs: this is sluice ${version}, the agent is sluice ${parentVersion}; run "sluice restart"\n`,
  );
  return true;
}

endOnFault();
ignoreNodeVariables();
main(process.argv.slice(2)).catch(endWithFault);
