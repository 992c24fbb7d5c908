/**
 * Records leave out what most files have. Those of earlier versions stay unchanged. The version is new because an earlier program
 * could not read the new ones.
 */
export const slimRecords = '';
