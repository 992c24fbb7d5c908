/** Why no release is made of this; in a sentence. */
export class ReleaseError extends Error {}
