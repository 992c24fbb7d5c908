export { endEarlierLife } from './earlier-children.ts';
export { createSeats } from './hung-children.ts';
export { endRemnants, type RemnantsAnswer, type RemnantsInit, runRemnants } from './remnants.ts';
export { type ChildChannel, runChild } from './run-child.ts';
export {
  type Check,
  isAmount,
  isFlag,
  isNumber,
  isText,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  shapeOf,
  unionOf,
} from './shape.ts';
export { type Child, setProgramVersion, startChild } from './start-child.ts';
export { superviseChild } from './supervised-child.ts';
