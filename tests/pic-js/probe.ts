/** The canister that these tests install, in versions. */

import type { PocketIc } from '@dfinity/pic';
import { Principal } from '@icp-sdk/core/principal';
import { readFileSync } from 'node:fs';
import loadWabt from 'wabt';

const source = readFileSync(new URL('../pocket_ic/probe.wat', import.meta.url), 'utf8');
const wabt = await loadWabt();

/** A version of the canister that the Rust tests install too; `postUpgrade` is what runs after an upgrade to it. */
export function wasm(version: number, postUpgrade = ''): Uint8Array {
  const text = source
    .replace('${VERSION}', `${version}`)
    .replace('${POST_UPGRADE}', postUpgrade)
    .replace('${RESPONSE}', '')
    .replace('${RESPONSE_SIZE}', '0');
  return wabt.parseWat('probe.wat', text).toBinary({}).buffer;
}

/** What makes the probe trap. */
export const TRAP = '(call $trap (i32.const 100) (i32.const 12))';

/** A number as the probe takes and gives it. */
export function number(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** A time (ns) as the probe takes it. */
export function time(nanoseconds: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(nanoseconds).buffer);
}

/** Installs the probe, its counter at 0. */
export async function install(pic: PocketIc): Promise<Principal> {
  const canisterId = await pic.createCanister();
  await pic.installCode({ canisterId, wasm: wasm(1), arg: number(0) });
  return canisterId;
}

/** Calls an update method anonymously. */
export async function update(
  pic: PocketIc,
  canisterId: Principal,
  method: string,
  arg: Uint8Array = new Uint8Array(),
): Promise<Uint8Array> {
  return pic.updateCall({ canisterId, method, arg });
}

/** The counter, as a query reads it. */
export async function counter(pic: PocketIc, canisterId: Principal): Promise<number> {
  const bytes = await pic.queryCall({ canisterId, method: 'read' });
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}
