export { carrierEnvironment, carrierKind, runCarrier } from './carrier/carrier.ts';
export type { CarrierCommand, CarrierInit, CarrierMessage } from './carrier/messages.ts';
export { mountedFolder } from './mounted/folder.ts';
export { type Evidence, type EvidenceInit, runEvidence } from './prober/evidence.ts';
export { type LeftoversAnswer, type LeftoversInit, runLeftovers } from './prober/leftovers.ts';
export { recogniseDestination } from './prober/probe.ts';
export { type ProberCommand, type ProberInit, type ProberMessage, runProber } from './prober/prober.ts';
export { type ContentRead, ContentReader } from './reading/content.ts';
export type { FileFacts, OpenFile, Storage } from './storage/storage.ts';
