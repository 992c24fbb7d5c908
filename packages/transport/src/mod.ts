export type { CarrierChannel, CarrierCommand, CarrierEffectKind, CarrierInit, CarrierMessage, FollowAgain } from './carrier-messages.ts';
export { carrierEnvironment, carrierKind, runCarrier } from './carrier-process.ts';
export { type Carrier, type CarrierGround, createCarrier } from './carrier.ts';
export type { FileFacts, OpenFile, OpenHow, Room, Storage } from './destination.ts';
export { mountedFolder } from './mounted/folder.ts';
export { describePath } from './mounted/describe.ts';
export { mountIdOfPath } from './mounted/mountinfo.ts';
export { probeOnce, type ProberCommand, type ProberInit, type ProberMessage, runProber } from './prober.ts';
