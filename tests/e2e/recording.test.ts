import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Format, hasFfmpeg, recordWithFfmpeg } from '../bed/ffmpeg.ts';
import { type Folders, hashCopies, hashTree, makeFolders, sha256 } from '../bed/folders.ts';
import { describe, reported, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('recordings by ffmpeg');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const formats: readonly Format[] = ['mxf', 'mov', 'wav'];

function startUntilIdle(folders: Folders) {
  return startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args: ['--until-idle'] });
}

if (hasFfmpeg) {
  test('MXF, MOV and WAV: copied while they are written, byte for byte, under their own names', async ({ folders }) => {
    const takes = formats.map((format) => ({
      name: `take.${format}`,
      recording: recordWithFfmpeg(format, join(folders.source, `take.${format}`)),
    }));
    const agent = startUntilIdle(folders);
    for (const { name, recording } of takes) {
      const file = await reported(agent, ({ source, status }) => source === name && status === 'GROWING_COPY');
      assert.not(recording.isOver(), `${name} is being copied before its recorder ended`);
      assert.is(file.destination, name);
      // Under its own name while it grows, because people edit from it.
      await untilSome(join(folders.destination, name));
    }
    await Promise.all(takes.map(({ recording }) => recording.end()));
    assert.is(await agent.ended, 0, describe(agent));
    assert.equal(
      reportedFiles(agent).map(({ status, attempt, nameReason }) => [status, attempt, nameReason]),
      takes.map(() => ['COMPLETED', 1, null]),
    );
    assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
  });

  test('an outage in the middle of a recording: the part that was copied stays, and the recovery next to it is identical', async ({
    folders,
  }) => {
    const recording = recordWithFfmpeg('mxf', join(folders.source, 'take.mxf'));
    const agent = startUntilIdle(folders);
    await reported(agent, ({ status }) => status === 'GROWING_COPY');
    const away = `${folders.destination}.away`;
    await untilSome(join(folders.destination, 'take.mxf'));
    await rename(folders.destination, away);
    const failed = await reported(agent, ({ status }) => status === 'FAILED');
    assert.is(failed.error?.kind, 'network_interruption');
    await reported(agent, ({ status, hold }) => status === 'READY' && hold === 'network');
    assert.not(recording.isOver(), 'the outage fell into the recording');
    await rename(away, folders.destination);
    await recording.end();
    assert.is(await agent.ended, 0, describe(agent));
    const recovery = reportedFiles(agent).find(({ recoveryOf }) => recoveryOf === failed.id);
    assert.equal([recovery?.status, recovery?.destination, recovery?.nameReason], ['COMPLETED', 'take_1.mxf', 'recovery']);
    const copies = await hashCopies(folders.destination);
    assert.equal(Object.keys(copies).sort(), ['take.mxf', 'take_1.mxf']);
    assert.is(copies['take_1.mxf'], await sha256(join(folders.source, 'take.mxf')));
  });
} else {
  console.log('skipped: recordings by ffmpeg: ffmpeg is not installed');
}

test.run();

async function untilSome(path: string): Promise<void> {
  await until(async () => (await stat(path).catch(() => null))?.size, 9_000);
}
