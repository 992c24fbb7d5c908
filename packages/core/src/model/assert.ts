/** A programming error: the program's own promise was broken, nothing outside it. */
export class ProgrammingError extends Error {
  override name = 'ProgrammingError';
}

/** @throws ProgrammingError where `claim` is false. */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new ProgrammingError(message);
}

/** Ends a switch over a union: the compiler checks that nothing arrives here. */
export function unreachable(value: never): never {
  throw new ProgrammingError(`unreachable: ${JSON.stringify(value)}`);
}
