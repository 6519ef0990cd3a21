/**
 * As much of PocketIC's REST interface as it takes to put one canister on a network that gets things wrong:
 * an agent would notice, and refuse to deploy there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@icp-sdk/core/candid';
import { Principal } from '@icp-sdk/core/principal';
import { LOCALNET } from './artefacts';
import { start, type Running } from './processes';

const MANAGEMENT = Principal.managementCanister();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A network behind a gateway, with one canister. */
export interface Faulty extends Running {
  /** Answers as the gateway gives them, by the canister's id in the query. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

type Post = (path: string, body: unknown) => Promise<unknown>;

const poster =
  (server: string): Post =>
  async (path, body) => {
    const response = await fetch(server + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as unknown;
  };

/** Calls a method of the management canister and gives the bytes of its reply. */
const manage = async (
  post: Post,
  instance: string,
  method: string,
  payload: Uint8Array,
): Promise<Uint8Array> => {
  const submitted = (await post(`${instance}/update/submit_ingress_message`, {
    sender: base64(Principal.anonymous().toUint8Array()),
    canister_id: base64(MANAGEMENT.toUint8Array()),
    method,
    payload: base64(payload),
    effective_principal: 'None',
  })) as { Ok?: unknown };
  const answer = (await post(`${instance}/update/await_ingress_message`, submitted.Ok)) as { Ok?: string };
  if (answer.Ok === undefined)
    throw new Error(`${method}: ${JSON.stringify(submitted)} ${JSON.stringify(answer)}`);
  // A copy: the decoder reads the memory below the bytes, which Node shares among small buffers.
  return Uint8Array.from(Buffer.from(answer.Ok, 'base64'));
};

const createCanister = async (post: Post, instance: string): Promise<Principal> => {
  const argument = IDL.encode([IDL.Record({ amount: IDL.Opt(IDL.Nat) })], [{ amount: [10n ** 14n] }]);
  const reply = await manage(post, instance, 'provisional_create_canister_with_cycles', argument);
  const [{ canister_id }] = IDL.decode([IDL.Record({ canister_id: IDL.Principal })], reply) as unknown as [
    { canister_id: Principal },
  ];
  return canister_id;
};

const installCode = async (
  post: Post,
  instance: string,
  canister: Principal,
  wasm: Uint8Array,
): Promise<void> => {
  const type = IDL.Record({
    mode: IDL.Variant({ install: IDL.Null }),
    canister_id: IDL.Principal,
    wasm_module: IDL.Vec(IDL.Nat8),
    arg: IDL.Vec(IDL.Nat8),
  });
  const arg = IDL.encode([], []);
  const value = { mode: { install: null }, canister_id: canister, wasm_module: wasm, arg };
  await manage(post, instance, 'install_code', IDL.encode([type], [value]));
};

/** Starts a network with these faults (names by commas, none for none), and installs `wasm` on it. */
export const startFaulty = async (faults: string, wasm: Uint8Array): Promise<Faulty> => {
  const folder = mkdtempSync(join(tmpdir(), 'faulty-'));
  const portFile = join(folder, 'port');
  const server = await start(LOCALNET, ['--port-file', portFile, '--fault', faults], portFile);
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const post = poster(`http://127.0.0.1:${server.ready}`);
    const application = [{ state_config: 'New', instruction_config: 'Production' }];
    const created = (await post('/instances', { subnet_config_set: { application } })) as {
      Created: { instance_id: number };
    };
    const id = created.Created.instance_id;
    const canister = await createCanister(post, `/instances/${id}`);
    await installCode(post, `/instances/${id}`, canister, wasm);
    const gateway = (await post('/http_gateway', { forward_to: { PocketIcInstance: id } })) as {
      Created: { port: number };
    };
    const origin = `http://127.0.0.1:${gateway.Created.port}`;
    return { stop, fetch: (path, init) => fetch(`${origin}${path}?canisterId=${canister.toText()}`, init) };
  } catch (error) {
    await stop();
    throw error;
  }
};
