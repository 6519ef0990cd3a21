/** What a test does to one canister, by the unmodified client. */

import { PocketIc } from '@dfinity/pic';
import { Principal } from '@icp-sdk/core/principal';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { TRAP, counter, install, number, update, wasm } from './probe.ts';

let pic: PocketIc;

beforeEach(async () => {
  pic = await PocketIc.create(inject('serverUrl'));
});

afterEach(async () => {
  await pic.tearDown();
});

test('a canister is set up and answers through an actor', async () => {
  const canisterId = await install(pic);
  expect(canisterId.toText()).toBe('lxzze-o7777-77777-aaaaa-cai');
  const actor = pic.createActor<{ candid_read: () => Promise<number> }>(
    ({ IDL }) => IDL.Service({ candid_read: IDL.Func([], [IDL.Nat32], ['query']) }),
    canisterId,
  );
  await expect(actor.candid_read()).resolves.toBe(0);
  await expect(update(pic, canisterId, 'increment')).resolves.toEqual(number(1));
  await expect(actor.candid_read()).resolves.toBe(1);
});

test('a trap carries its words and rolls back', async () => {
  const canisterId = await install(pic);
  await expect(update(pic, canisterId, 'increment_and_trap')).rejects.toThrow(
    /no such luck.*Reject code: CanisterError\. Error code: CanisterCalledTrap\. Certified: true/,
  );
  await expect(counter(pic, canisterId)).resolves.toBe(0);
  await expect(update(pic, canisterId, 'increment_and_reject')).rejects.toThrow(
    'Canister call failed: not today. Reject code: CanisterReject.',
  );
  await expect(counter(pic, canisterId)).resolves.toBe(1);
});

test('an upgrade keeps stable memory, a failing one changes nothing, a reinstall starts anew', async () => {
  const canisterId = await install(pic);
  const words = new TextEncoder().encode('kept for ever...');
  await update(pic, canisterId, 'store', words);
  await pic.upgradeCanister({ canisterId, wasm: wasm(2) });
  await expect(pic.queryCall({ canisterId, method: 'version' })).resolves.toEqual(number(2));
  await expect(pic.queryCall({ canisterId, method: 'load' })).resolves.toEqual(words);
  await expect(pic.upgradeCanister({ canisterId, wasm: wasm(3, TRAP) })).rejects.toThrow('no such luck');
  await expect(pic.queryCall({ canisterId, method: 'version' })).resolves.toEqual(number(2));
  await pic.reinstallCode({ canisterId, wasm: wasm(4), arg: number(7) });
  await expect(counter(pic, canisterId)).resolves.toBe(7);
  await expect(pic.getStableMemory(canisterId)).resolves.toHaveLength(0);
});

test('a module too large for one message goes in chunks', async () => {
  const canisterId = await pic.createCanister();
  const noise = new Uint8Array(2_500_000).map((_, at) => (at * 2654435761) >>> 13);
  const name = new TextEncoder().encode('noise');
  const size = 1 + name.length + noise.length;
  const leb128 = [(size & 127) | 128, ((size >> 7) & 127) | 128, ((size >> 14) & 127) | 128, size >> 21];
  const large = Uint8Array.from([...wasm(5), 0, ...leb128, name.length, ...name, ...noise]);
  await pic.installCode({ canisterId, wasm: large, arg: number(3) });
  await expect(counter(pic, canisterId)).resolves.toBe(3);
});

test('controllers change hands, and nobody else may upgrade', async () => {
  const canisterId = await install(pic);
  const other = Principal.selfAuthenticating(new Uint8Array([1]));
  await expect(pic.getControllers(canisterId)).resolves.toEqual([Principal.anonymous()]);
  await pic.updateCanisterSettings({ canisterId, controllers: [other] });
  await expect(pic.getControllers(canisterId)).resolves.toEqual([other]);
  await expect(pic.upgradeCanister({ canisterId, wasm: wasm(2) })).rejects.toThrow(
    'CanisterInvalidController',
  );
  await pic.upgradeCanister({ canisterId, wasm: wasm(2), sender: other });
});

test('a canister stops and starts', async () => {
  const canisterId = await install(pic);
  await pic.stopCanister({ canisterId });
  const stopped = await pic.canisterStatus({ canisterId });
  expect(stopped.status).toEqual({ stopped: null });
  await expect(update(pic, canisterId, 'increment')).rejects.toThrow('CanisterStopped');
  await pic.startCanister({ canisterId });
  await expect(update(pic, canisterId, 'increment')).resolves.toEqual(number(1));
});

test('cycles are counted exactly', async () => {
  const canisterId = await pic.createCanister();
  await expect(pic.getCyclesBalance(canisterId)).resolves.toBe(1_000_000_000_000_000_000n);
  const more = 20_000_000_000_000_000_001n;
  await expect(pic.addCycles(canisterId, more)).resolves.toBe(21_000_000_000_000_000_001n);
});

test('stable memory is set and read', async () => {
  const canisterId = await install(pic);
  const content = new Uint8Array(65536).fill(9);
  await pic.setStableMemory(canisterId, content);
  await expect(pic.getStableMemory(canisterId)).resolves.toEqual(content);
  await expect(pic.getPendingHttpsOutcalls()).resolves.toEqual([]);
});

test('errors of the server are thrown with its words', async () => {
  const nowhere = Principal.fromUint8Array(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]));
  await expect(pic.getControllers(nowhere)).rejects.toThrow('CanisterNotFound');
  await expect(pic.getCanisterSubnetId(nowhere)).resolves.toBeNull();
});
