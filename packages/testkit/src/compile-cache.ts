import process from 'node:process';

/** The environment with which a child finds the code that an earlier one has compiled. Compiling is most of its start. */
export const compileCache: Readonly<Record<string, string>> =
  process.env['NODE_COMPILE_CACHE'] === undefined ? {} : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
