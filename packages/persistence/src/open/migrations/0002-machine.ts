/** Records which machine the state folder was last used on: a copy on another machine would act on paths that differ there. */
export const machine = `
ALTER TABLE agent ADD COLUMN machine_id TEXT;
ALTER TABLE agent ADD COLUMN machine_name TEXT;
`;
