export { comparablePath } from './comparable-path.ts';
export { exposedAbove } from './exposed-folders.ts';
export { faultText } from './fault-text.ts';
export { type Awaitable, andThen, orElse } from './files/awaitable.ts';
export { callsFor, type FileCalls, type Name, type OpenedFile, waitingCalls } from './files/file-calls.ts';
export { type FolderBelow, foldersDown, OpenFolders, openFolderBelow, resolveUnder } from './files/open-folders.ts';
export { assertOwnFile, kindOf, openRegular, readBeginning, UnexpectedFile } from './files/regular-file.ts';
export { settleAtRoot, workInside } from './files/work-inside.ts';
export { localTimeOf } from './local-time.ts';
export { type Machine, thisMachine } from './machine.ts';
export { type Staleness, stalenessOf } from './mounts/attribute-cache.ts';
export { describeMount } from './mounts/describe-mount.ts';
export { cacheOfType, hasRealInodes, isKnownNetwork, mayBeNetwork, mayLackLinks } from './mounts/filesystem-types.ts';
export { type DiskFacts, MountedDisks } from './mounts/medium.ts';
export { emptyMountFolderOf, type MountedFolder } from './mounts/mount-folders.ts';
export { isOwnDisk, isUnder, type Mount, mountOf, parseMountinfo, placeOf } from './mounts/mountinfo.ts';
export {
  cacheMsOfPath,
  factsOfDescriptor,
  hasRealInodesAt,
  mountIdOfDescriptor,
  mountIdOfPath,
  readMounts,
  watchOwnDisk,
} from './mounts/own-mounts.ts';
export { windowsShareOf } from './mounts/windows-share.ts';
export { packedFile } from './packed-file.ts';
export { type Mark, markedProcesses, parentOf } from './process/marked-processes.ts';
export { identifyProcess, isStillRunning, type ProcessIdentity } from './process/process-identity.ts';
export { childCommand, isDeno, isPacked, selfCommand, setMainModule } from './process/self.ts';
export { giveMemoryBack } from './process/spare-memory.ts';
export { createWakingClock, type WakingClock, wakingClock } from './process/waking-clock.ts';
export { privateRuntimeFolder, shortHash } from './runtime-folder.ts';
export { streamWriter, type WriteSome } from './stream-writer.ts';
export { closeQuietly, errnoError, errnoOf, statOrNull } from './system-calls.ts';
export { groupIdOf, userNameOf } from './users.ts';
export { watchLimit } from './watch-limit.ts';
