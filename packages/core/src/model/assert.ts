/** A programming error: an assumption of the program itself does not hold. */
export class ProgrammingError extends Error {
  override name = 'ProgrammingError';
}

/** @throws ProgrammingError if `claim` is false */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new ProgrammingError(message);
}

/** Ends a switch over a union. The compiler checks that no value gets here. */
export function unreachable(value: never): never {
  throw new ProgrammingError(`unreachable: ${JSON.stringify(value)}`);
}
