import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckCode } from '../../src/commands/setup/check-findings.ts';
import { checkMeanings } from '../../src/commands/setup/check-meanings.ts';

/** Every finding of `check`, as a person reads it. */
const texts: Readonly<Record<CheckCode, string>> = {
  source_not_checked: 'cannot be checked: no answer within 10 s',
  source_unreadable: '(LOCAL DISK ext4 /dev/sdb1) contains day1/locked, which cannot be read: EACCES',
  name_invalid: '"day1/clip?.mov" and 2 more have names that are not valid UTF-8 and cannot be copied; rename them',
  source_not_watched:
    'the source has 20004 folders, and the system lets a user watch 8192: Sluice finds new files by scans only; raise fs.inotify.max_user_watches',
  pattern_unmatched: 'include "*.mfx" matches nothing in the source',
  destination_not_checked: 'cannot be checked: no answer within 10 s',
  destination_offline: 'the folder /mnt/nas is missing; mount the share or create the folder (open the folder: ENOENT)',
  destination_new: '(nfs4 nas01:/ingest) ready; Sluice writes its marker file there when it first uses it',
  destination_full: '(nfs4 nas01:/ingest) FULL, 0 B free',
  no_room: 'there is no room, so nothing can be copied: 1.90 GB free; space.keep_free = 2.00 GB must stay free',
  file_too_large:
    '2.50 GB free; space.keep_free = 2.00 GB must stay free; day1/clip.mxf (600 MB) can never fit: the whole destination has 2.50 GB',
  not_all_fit:
    'not all files fit, unless some are already copied: 2.60 GB free; space.keep_free = 2.00 GB must stay free; the 214 files at the source have 48.2 GB',
  verified_from_cache:
    'bytes may still be on this machine when a copy counts as verified: the mount may keep them and send them later. Such a copy is shown as "verified (cache only)"',
  verified_by_size: 'verify is "size": Sluice compares only the size of a copy and does not read it back',
  removal_unproven: 'after_copy is "delete", but verify is "size": nothing is removed at the source',
  removal_weak:
    'after_copy is "delete" and after_copy_proof is "weak": source files are removed although their copies may not be on the storage yet',
  removal_without_links:
    'after_copy is "delete", and the source may have no hard links (FAT, exFAT): a file that changes during its removal gets its name back by a rename, which could replace a file that is created under that name at the same moment',
  state_folder_exposed: 'other users may replace it, through /srv: every user may write to it; run chmod o-w or chmod +t on it',
  hook_unusable: 'on_attention: /usr/local/bin/page cannot be run: there is no such file; give the absolute path of an installed program',
  setting_not_built:
    'cannot use sluice.toml:9: destination: this version does not support "sftp://nas/ingest" yet: use a folder, such as a mounted share',
};

for (const [code, text] of Object.entries(texts)) {
  test(`check: ${code}: ${text}`, () => assert.equal(checkMeanings[code as CheckCode].examples, [text]));
}

test('checkMeanings: each has a cause, what it means for the files, and a remedy, in whole sentences', () => {
  for (const { cause, files, remedy } of Object.values(checkMeanings)) {
    for (const text of [cause, files, remedy]) assert.match(text, /^[A-Z`][^]*\.$/, text);
  }
});

test.run();
