/** A canister that nobody here built. */

import { PocketIc, SubnetStateType } from '@dfinity/pic';
import { IDL } from '@icp-sdk/core/candid';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect, inject, test } from 'vitest';

// Wasm that others built: the template of azle, an engine for JavaScript (QuickJS, in C) within a Rust canister.
const entry = pathToFileURL(createRequire(import.meta.url).resolve('azle'));
const template = new URL('../../../dist/canister_templates/stable.wasm', entry);

test('a canister that others built installs and answers', async () => {
  const wasm = readFileSync(template);
  expect(wasm.length).toBeGreaterThan(2_000_000);
  const pic = await PocketIc.create(inject('serverUrl'), {
    application: [{ state: { type: SubnetStateType.New } }],
    // Compiling three megabytes takes a while on a busy machine.
    processingTimeoutMs: 110_000,
  });
  const canisterId = await pic.createCanister();
  await pic.installCode({ canisterId, wasm });
  const arg = new Uint8Array(IDL.encode([], []));
  const allocated = await pic.queryCall({ canisterId, method: '_azle_heap_allocation', arg });
  expect(IDL.decode([IDL.Nat32], allocated)).toEqual([0]);
  const chunk = await pic.updateCall({ canisterId, method: '_azle_chunk', arg });
  expect(IDL.decode([IDL.Null], chunk)).toEqual([null]);
  // Without a program the engine refuses, in its own words.
  await expect(pic.queryCall({ canisterId, method: '_azle_actions_len', arg })).rejects.toThrow(
    /ic0\.trap.*QuickJS context not initialized/,
  );
  await pic.tearDown();
});
