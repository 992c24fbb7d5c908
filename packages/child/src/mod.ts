export { type ChildChannel, runChild } from './child.ts';
export { type EarlierLife, endEarlierLife } from './life.ts';
export { type Activity, childWord } from './messages.ts';
export { type Child, type ChildEnd, type ChildOptions, startChild } from './parent.ts';
export { identifyProcess, isStillRunning, type ProcessIdentity } from './process-identity.ts';
export { type AbandonedChild, createSeats, type SeatLimits, type Seats, seatLimits } from './seats.ts';
export { isDeno, isPacked, selfCommand, setMainModule } from './self.ts';
export {
  type StuckAnswer,
  type Supervisable,
  type SupervisedChild,
  type Supervision,
  superviseChild,
} from './supervised-child.ts';
