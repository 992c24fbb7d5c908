import { suite } from 'uvu';
import { withOwnAgents } from './own-agents.ts';

/** Tests that run at the same time, because they mostly wait. Each has its own name, result, folders and agents. */
export interface Stories<Stage> {
  (name: string, story: (stage: Stage) => Promise<void>): void;
  /** Registers the tests with uvu, like the `run` of a suite. */
  run(): void;
}

/** What a story needs. It is made before the story and removed after it, whatever happened. */
export interface Staging<Stage> {
  readonly make: () => Promise<Stage>;
  readonly remove: (stage: Stage) => Promise<void>;
}

/** @param atOnce how many of them run at the same time */
export function stories<Stage>(title: string, atOnce: number, staging: Staging<Stage>): Stories<Stage> {
  const test = suite(title);
  const waiting: (() => Promise<void>)[] = [];
  const work = async (): Promise<void> => {
    for (let start = waiting.shift(); start !== undefined; start = waiting.shift()) await start();
  };
  const add = (name: string, story: (stage: Stage) => Promise<void>): void => {
    const result = Promise.withResolvers<void>();
    // It may fail before uvu asks for it.
    result.promise.catch(() => undefined);
    waiting.push(() => withOwnAgents(() => play(staging, story)).then(result.resolve, result.reject));
    test(name, () => result.promise);
  };
  test.before(() => {
    for (let worker = 0; worker < atOnce; worker += 1) void work();
  });
  return Object.assign(add, { run: () => test.run() });
}

async function play<Stage>({ make, remove }: Staging<Stage>, story: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await make();
  try {
    await story(stage);
  } finally {
    await remove(stage);
  }
}
