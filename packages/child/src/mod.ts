export { type ChildChannel, runChild } from './child.ts';
export { type Activity, childWord } from './messages.ts';
export { type Child, type ChildEnd, type ChildOptions, startChild } from './parent.ts';
export { createSeats, type SeatLimits, seatLimits, type Seats } from './seats.ts';
export { isDeno, selfCommand, setMainModule } from './self.ts';
