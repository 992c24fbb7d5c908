import { fileURLToPath } from 'node:url';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import { type Child, type ChildEnd, startChild } from '../../src/start-child.ts';

const main = fileURLToPath(new URL('./child-main.ts', import.meta.url));

/** A real child and everything received from it. */
export interface Heard<Out> {
  readonly child: Child<string>;
  readonly messages: readonly Out[];
  readonly end: Promise<ChildEnd>;
  readonly gone: Promise<void>;
  /** Returns the next message that was not taken yet. */
  next(): Promise<Out>;
}

export function start<Out>(
  kind: string,
  init: unknown,
  env: Readonly<Record<string, string>> = {},
  accepts: (message: unknown) => boolean = () => true,
): Heard<Out> {
  setMainModule(main);
  const messages: Out[] = [];
  let taken = 0;
  let wake = (): void => {};
  const end = Promise.withResolvers<ChildEnd>();
  const gone = Promise.withResolvers<void>();
  const child = startChild<unknown, string, Out>({
    kind,
    accepts,
    init,
    env: { ...compileCache, ...env },
    onMessage(message) {
      messages.push(message);
      wake();
    },
    onEnd: end.resolve,
    onGone: gone.resolve,
  });
  const next = async (): Promise<Out> => {
    while (messages.length <= taken) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    taken += 1;
    return messages[taken - 1] as Out;
  };
  return { child, messages, end: end.promise, gone: gone.promise, next };
}

/** Checks repeatedly until it is true. @throws if it never became true */
export async function until(claim: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!claim()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
