/** Which machine the state folder was last used on: a copy on another one would act on what is not so there. */
export const machine = `
ALTER TABLE agent ADD COLUMN machine_id TEXT;
ALTER TABLE agent ADD COLUMN machine_name TEXT;
`;
