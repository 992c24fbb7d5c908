export type { CarrierCommand, CarrierInit, CarrierMessage } from './carrier-messages.ts';
export { carrierEnvironment, carrierKind, runCarrier } from './carrier-process.ts';
export type { FileFacts, OpenFile, Storage } from './destination.ts';
export { type Evidence, type EvidenceInit, runEvidence } from './evidence.ts';
export { mountedFolder } from './mounted/folder.ts';
export { type ProberCommand, type ProberInit, type ProberMessage, runProber } from './prober.ts';
