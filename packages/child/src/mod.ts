export { type ChildChannel, runChild } from './child.ts';
export { endEarlierLife } from './life.ts';
export { type Child, setProgramVersion, startChild } from './parent.ts';
export { createSeats } from './seats.ts';
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
export { superviseChild } from './supervised-child.ts';
