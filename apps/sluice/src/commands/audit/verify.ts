import process from 'node:process';
import { askVerify, verifyLine, verifyLines } from '@sluice/audit';
import { clean, cleanJson, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { addWhereOptions, type WhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { readSince } from '../base/since.ts';
import { findAudited, folderBelow, routesNamed } from './audited.ts';
import { ProgressLine } from './progress-line.ts';
import { Resume } from './resume.ts';

interface VerifyOptions extends WhereOptions {
  readonly route?: string;
  readonly since?: string;
  readonly folder?: string;
  readonly json?: boolean;
}

export function addVerify({ command, does }: Program): void {
  addWhereOptions(command.command('verify'))
    .description('read the copies at the destination again and compare them with the journal')
    .option('--route <route>', 'only this route')
    .option('--since <time>', 'only what was copied since then: today, 18:00, 6h, a date, RFC 3339')
    .option('--folder <dir>', 'only this folder, relative to the source or the destination')
    .option('--json', 'print one JSON object')
    .action(does(verify));
}

async function verify(options: VerifyOptions): Promise<number> {
  const since = readSince(options.since) ?? 0;
  const place = await findAudited(options);
  const routes = routesNamed(place.routes, options.route);
  const folder = folderBelow(
    options.folder,
    routes.flatMap(({ settings }) => [settings.source, settings.destination]),
  );
  const resume = new Resume(place.stateDir, [destinationsOf(routes), folder, options.since ?? null]);
  const skipped = resume.read();
  if (skipped.length > 0)
    complain(`${skipped.length} copies were found right by a run that was interrupted within the last hour: they are not read again`);
  const line = new ProgressLine();
  const interrupted = new AbortController();
  const ended = listenForSignals(interrupted);
  try {
    const answer = await askVerify({
      place,
      routes,
      folder,
      since,
      skipped,
      onProgress: (progress) => line.show(progress),
      onRight: (ids) => resume.add(ids),
      signal: interrupted.signal,
    });
    line.clear();
    resume.end();
    await print(
      options.json === true
        ? [cleanJson(verifyLine(answer, routes, skipped.length))]
        : verifyLines(answer, routes, skipped.length, limits.namedFiles).map(clean),
    );
    return answer.isRight ? exitCode.done : exitCode.notAsAsked;
  } catch (error) {
    line.clear();
    if (!interrupted.signal.aborted) throw error;
    const next = resume.isKept()
      ? 'the same command goes on from here within the hour'
      : 'the state folder may not be written to: the next run begins again';
    complain(`interrupted; ${next}`);
    resume.close();
    return ended();
  }
}

/** What is read. A route that has another destination now is not the one that an earlier run read. */
function destinationsOf(routes: ReturnType<typeof routesNamed>): readonly unknown[] {
  return routes.map(({ settings }) => [settings.name, settings.destination]);
}

/** Aborts on SIGINT and SIGTERM. @returns a function that stops listening and returns the exit code of the signal */
function listenForSignals(interrupted: AbortController): () => number {
  let code: number = exitCode.interrupted;
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const listen = (): void => {
      code = signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
      interrupted.abort(new Error(signal));
    };
    process.once(signal, listen);
    return { signal, listen };
  });
  return () => {
    for (const { signal, listen } of listeners) process.off(signal, listen);
    return code;
  };
}
