/** A live network behind its gateway, asked by every generation of agents. */

import { HttpAgent as Agent3 } from '@dfinity/agent';
import { PocketIc } from '@dfinity/pic';
import { HttpAgent as Core5 } from '@icp-sdk/core/agent';
import { HttpAgent as Core6 } from '@icp-sdk/core-6/agent';
import { expect, inject, test } from 'vitest';
import { install, number } from './probe.ts';

const generations = [
  ['@dfinity/agent 3.4', Agent3],
  ['@icp-sdk/core 5.4', Core5],
  ['@icp-sdk/core 6.1', Core6],
] as const;

test.each(generations)('%s calls, queries and verifies what it is told', async (_, Agent) => {
  const pic = await PocketIc.create(inject('serverUrl'));
  const canisterId = (await install(pic)).toText();
  const host = `http://127.0.0.1:${await pic.makeLive()}`;
  const agent = await Agent.create({ host, shouldFetchRootKey: true });
  const arg = new Uint8Array();
  const { response } = await agent.call(canisterId, {
    methodName: 'increment',
    arg,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- older agents have no other name for it
    effectiveCanisterId: canisterId,
  });
  expect(response.status).toBe(200);
  const read = await agent.query(canisterId, { methodName: 'read', arg });
  expect(read).toMatchObject({ status: 'replied', reply: { arg: number(1) } });

  await pic.stopLive();
  await expect(fetch(`${host}/api/v2/status`)).rejects.toThrow();
  await pic.tearDown();
});
