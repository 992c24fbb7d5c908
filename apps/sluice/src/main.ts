import process from 'node:process';

const [word, kind] = process.argv.slice(2);

// Before any import of the command line: a child needs nothing of it, and starts faster without.
if (word === '__child') {
  const { runChildKind } = await import('@sluice/agent/children');
  if (!runChildKind(kind ?? '')) process.exitCode = 2;
} else {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2));
}
