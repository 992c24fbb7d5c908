/** Why a release cannot be made, in a sentence. */
export class ReleaseError extends Error {}
