export { type Carrier, type CarrierGround, createCarrier } from './carrier.ts';
export type { CarrierChannel, CarrierCommand, CarrierInit, CarrierMessage } from './carrier-messages.ts';
export { carrierEnvironment, carrierKind, runCarrier } from './carrier-process.ts';
export type { FileFacts, OpenFile, OpenHow, Room, Storage } from './destination.ts';
export { type Evidence, type EvidenceInit, runEvidence } from './evidence.ts';
export { mountedFolder } from './mounted/folder.ts';
export { mountIdOfPath } from './mounted/mountinfo.ts';
export { type ProberCommand, type ProberInit, type ProberMessage, probeOnce, runProber } from './prober.ts';
