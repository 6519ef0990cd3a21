/** Networks: their time, their subnets, their certificates. */

import { PocketIc, SubnetStateType } from '@dfinity/pic';
import { Certificate, LookupPathStatus } from '@icp-sdk/core/agent';
import { afterEach, expect, inject, test } from 'vitest';
import { counter, install, time, update } from './probe.ts';

const networks: PocketIc[] = [];

async function create(options?: Parameters<typeof PocketIc.create>[1]): Promise<PocketIc> {
  const pic = await PocketIc.create(inject('serverUrl'), options);
  networks.push(pic);
  return pic;
}

afterEach(async () => {
  await Promise.all(networks.splice(0).map((pic) => pic.tearDown()));
});

test('two networks side by side have their own time and canisters', async () => {
  const [first, second] = [await create(), await create()];
  const [one, other] = [await install(first), await install(second)];
  const before = await second.getTime();
  await first.advanceTime(24 * 60 * 60 * 1000);
  await update(first, one, 'increment');
  await expect(second.getTime()).resolves.toBe(before);
  await expect(counter(first, one)).resolves.toBe(1);
  await expect(counter(second, other)).resolves.toBe(0);
});

test('a timer fires on a tick once its time has come', async () => {
  const pic = await create();
  const canisterId = await install(pic);
  const start = new Date('2030-01-01T00:00:00Z');
  await pic.setTime(start);
  await expect(pic.getTime()).resolves.toBe(start.getTime());
  const due = BigInt(start.getTime() + 60_000) * 1_000_000n;
  await update(pic, canisterId, 'arm', time(due));
  await pic.tick(5);
  await expect(counter(pic, canisterId)).resolves.toBe(0);
  await pic.advanceTime(60_000);
  await pic.tick();
  await expect(counter(pic, canisterId)).resolves.toBe(1);
  await expect(pic.setTime(0)).rejects.toThrow('time cannot go back');
});

test('the topology is what was asked for', async () => {
  const fresh = { state: { type: SubnetStateType.New } } as const;
  const pic = await create({ nns: fresh, system: [fresh], application: [fresh, fresh] });
  const topology = await pic.getTopology();
  expect(topology.map((subnet) => subnet.type).sort()).toEqual([
    'Application',
    'Application',
    'NNS',
    'System',
  ]);
  const nns = await pic.getNnsSubnet();
  expect(nns?.size).toBe(13);
  const [, target] = await pic.getApplicationSubnets();
  const canisterId = await pic.createCanister(target ? { targetSubnetId: target.id } : {});
  await expect(pic.getCanisterSubnetId(canisterId)).resolves.toEqual(target?.id);
  const initial = await pic.getDefaultEffectiveCanisterId();
  expect(initial.toText()).toBe('lxzze-o7777-77777-aaaaa-cai');
});

test('certified data verifies with the subnet key', async () => {
  const pic = await create();
  const canisterId = await install(pic);
  await pic.setCertifiedTime(Date.now());
  const data = new TextEncoder().encode('vouched for');
  await update(pic, canisterId, 'certify', data);
  const encoded = await pic.queryCall({ canisterId, method: 'certificate' });
  const [subnet] = await pic.getApplicationSubnets();
  if (subnet === undefined) {
    throw new Error('there is one application subnet');
  }
  const rootKey = Uint8Array.from(await pic.getPubKey(subnet.id));
  const certificate = await Certificate.create({
    certificate: encoded,
    rootKey,
    principal: { canisterId },
  });
  const found = certificate.lookup_path(['canister', canisterId.toUint8Array(), 'certified_data']);
  expect(found).toEqual({ status: LookupPathStatus.Found, value: data });
});
