/** Why no kit can be made, and what to do about it. */
export class KitError extends Error {
  override name = 'KitError';
}
