// What a test file gets in a worker when it imports `uvu`: the same functions, except that every error is printed. By itself uvu
// forgets what a `before` hook throws, what an `after.each` hook throws after a test that failed, and an error that it cannot format:
// its runner returns in a `finally` block. Source: uvu 0.5, `dist/index.mjs`.
import { stdout } from 'node:process';
import { inspect } from 'node:util';
import * as uvu from 'uvu';
import { compare } from 'uvu/diff';

type Callback<T> = uvu.Callback<T>;

/** Runs the suites of the files that were imported since the last call. */
export const { exec } = uvu;

let hasHookFailed = false;

/** Returns whether a hook has thrown since the last call. Not if its test has failed for that reason, which uvu counts. */
export function takeHookFailure(): boolean {
  const hasFailed = hasHookFailed;
  hasHookFailed = false;
  return hasFailed;
}

export function suite<T>(title = '', context?: T): uvu.Test<T> {
  return reporting(uvu.suite(title, context), title);
}

function reporting<T>(registered: uvu.Test<T>, title: string): uvu.Test<T> {
  const errors = new Errors(title);
  const add = (name: string, run: Callback<T>): void => registered(name, errors.ofTest(run));
  return Object.assign(add, {
    only: (name: string, run: Callback<T>) => registered.only(name, errors.ofTest(run)),
    skip: registered.skip,
    run: registered.run,
    before: Object.assign((run: Callback<T>) => registered.before(errors.ofBefore(run)), {
      each: (run: Callback<T>) => registered.before.each(errors.ofTest(run)),
    }),
    after: Object.assign((run: Callback<T>) => registered.after(errors.ofAfter(run)), {
      each: (run: Callback<T>) => registered.after.each(errors.ofAfterEach(run)),
    }),
  });
}

/** What the tests and hooks of one suite throw. */
class Errors {
  private readonly title: string;
  /** Whether the present test or one of its hooks has thrown. uvu then runs the `after.each` hooks before it keeps the error. */
  private isFailing = false;

  constructor(title: string) {
    this.title = title;
  }

  /** Of a test, or of a hook before it. uvu prints the error with the name of the test. */
  ofTest<T>(run: Callback<T>): Callback<T> {
    return async (context) => {
      this.isFailing = false;
      await this.failing(async () => await run(context));
    };
  }

  /** uvu leaves out the tests of this suite. */
  ofBefore<T>(run: Callback<T>): Callback<T> {
    return async (context) => {
      try {
        await run(context);
      } catch (error) {
        this.report('before hook', error);
        throw error;
      }
    };
  }

  /** The suites that follow run. */
  ofAfter<T>(run: Callback<T>): Callback<T> {
    return async (context) => {
      try {
        await run(context);
      } catch (error) {
        this.report('after hook', error);
      }
    };
  }

  /** The hook makes its test fail. If the test has failed, the hook's error is one more, and the tests that follow run. */
  ofAfterEach<T>(run: Callback<T>): Callback<T> {
    return async (context) => {
      if (!this.isFailing) return await this.failing(async () => await run(context));
      try {
        await run(context);
      } catch (error) {
        this.report(`after.each hook of "${context.__test__}"`, error);
      }
    };
  }

  private async failing(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.isFailing = true;
      throw formattable(error);
    }
  }

  private report(hook: string, error: unknown): void {
    hasHookFailed = true;
    const text = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
    stdout.write(`\n${this.title === '' ? '' : `${this.title}: `}${hook}: ${text}\n`);
  }
}

/** Returns an error that uvu can print: it reads the name of every error, and makes text of the values of an assertion. */
function formattable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`${inspect(error)} was thrown`, { cause: error });
  if (!('actual' in error && 'expected' in error)) return error;
  try {
    compare(error.actual, error.expected);
    return error;
  } catch {
    const values = `actual: ${inspect(error.actual)}\n    expected: ${inspect(error.expected)}`;
    return new Error(`${error.message}\n    ${values}`, { cause: error });
  }
}

export const test = reporting(uvu.test, '');
