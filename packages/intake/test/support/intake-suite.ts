import { suite, type Test } from 'uvu';
import { makeSource, routeOf, type Source } from './source.ts';
import { type Intake, type IntakeProcess, openIntake, startIntake } from './start-intake.ts';

/** What each test of an intake has: an empty source, and the intakes that it started. */
export interface IntakeContext {
  source: Source;
  intakes: Intake[];
}

/** Returns a suite whose tests each get an empty source. What they started ends with them. */
export function intakeSuite(name: string): Test<IntakeContext> {
  const test = suite<IntakeContext>(name);
  test.before.each(async (context) => {
    context.source = await makeSource();
    context.intakes = [];
  });
  test.after.each(async ({ source, intakes }) => {
    for (const intake of intakes) await intake.end();
    await source.remove();
  });
  return test;
}

/** Serves an intake in this process until the test ends. @param more settings of its route */
export function open({ source, intakes }: IntakeContext, root = source.root, more = {}): Intake {
  const intake = openIntake(routeOf(root, more));
  intakes.push(intake);
  return intake;
}

/** Starts an intake process that ends with the test. @param more settings of its route */
export function start({ source, intakes }: IntakeContext, root = source.root, more = {}): IntakeProcess {
  const intake = startIntake(routeOf(root, more));
  intakes.push(intake);
  return intake;
}

/** Returns the answer to a listing in short. */
export function brief({ answer, paths }: Awaited<ReturnType<Intake['list']>>): unknown {
  return answer.kind === 'listing_completed' ? { paths, vanished: answer.vanished } : { paths, failed: answer.code };
}

/** The brief answer to a complete listing in which nothing has changed. */
export const quiet = { paths: [], vanished: [] };
