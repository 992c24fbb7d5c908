/** Records leave out what most files have. Those of earlier versions stay as they are; an earlier program could not read the new ones. */
export const slimRecords = '';
