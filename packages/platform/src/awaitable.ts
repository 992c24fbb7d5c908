/**
 * An answer, or the promise of one. A call that is made at once answers at once: a promise for each of very many small calls, and for each
 * layer that they pass through, costs more than the calls. `await` takes both; what such a call refuses, it may throw or reject with.
 */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with an answer: at once where it is there. */
export function andThen<T, Result>(answer: Awaitable<T>, next: (value: T) => Awaitable<Result>): Awaitable<Result> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}

/** Does something, and something else where that throws or rejects. */
export function orElse<T>(work: () => Awaitable<T>, otherwise: (error: unknown) => Awaitable<T>): Awaitable<T> {
  let answer: Awaitable<T>;
  try {
    answer = work();
  } catch (error) {
    return otherwise(error);
  }
  return answer instanceof Promise ? answer.catch(otherwise) : answer;
}

/** Does something, and something else after it, however it ended. */
export function finallyDo<T>(work: () => Awaitable<T>, after: () => void): Awaitable<T> {
  let answer: Awaitable<T>;
  try {
    answer = work();
  } catch (error) {
    after();
    throw error;
  }
  if (answer instanceof Promise) return answer.finally(after);
  after();
  return answer;
}
