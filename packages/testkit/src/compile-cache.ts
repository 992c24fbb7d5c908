import process from 'node:process';

/** The environment with which a child finds code that an earlier child has compiled. Compiling is most of the time of a start. */
export const compileCache: Readonly<Record<string, string>> =
  process.env['NODE_COMPILE_CACHE'] === undefined ? {} : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
