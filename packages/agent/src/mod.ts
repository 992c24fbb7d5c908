export { createLoop, type Loop } from './loop.ts';
export type * from './ports.ts';
