/**
 * A value, or a promise of one. A call that runs directly returns its value: a promise for each of very many short calls, and for
 * each layer that they pass through, would cost more than the calls. `await` accepts both. A failed call may throw or reject.
 */
export type Awaitable<T> = T | Promise<T>;

/** Continues with a value. Runs `goOn` directly if the value is available. */
export function andThen<T, Result>(value: Awaitable<T>, goOn: (value: T) => Awaitable<Result>): Awaitable<Result> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/** Runs `work`, and `otherwise` if it throws or rejects. */
export function orElse<T>(work: () => Awaitable<T>, otherwise: (error: unknown) => Awaitable<T>): Awaitable<T> {
  let value: Awaitable<T>;
  try {
    value = work();
  } catch (error) {
    return otherwise(error);
  }
  return value instanceof Promise ? value.catch(otherwise) : value;
}

/** Runs `work`, and `after` when it has ended, however it ended. */
export function finallyDo<T>(work: () => Awaitable<T>, after: () => void): Awaitable<T> {
  let value: Awaitable<T>;
  try {
    value = work();
  } catch (error) {
    after();
    throw error;
  }
  if (value instanceof Promise) return value.finally(after);
  after();
  return value;
}
