/** The product as a user has it: a network, both canisters deployed on it by the command line. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, HttpAgent } from '@icp-sdk/core/agent';
import { decodeAccess } from '../../console/src/access';
import { idlFactory, type GetAnalytics, type OrbiterService } from '../../console/src/bindings';
import { LOCALNET, ORBITER_CLI, ORBITER_WASM, SATELLITE_WASM } from './artefacts';
import { run, start } from './processes';

export interface Product {
  /** The gateway as trackers are told: `http://localhost:PORT`. */
  gateway: string;
  orbiterId: string;
  satelliteId: string;
  demoUrl: string;
  dashboardUrl: string;
  /** The orbiter's queries, asked with the dashboard's key; every answer's signature is verified. */
  orbiter: OrbiterService;
  /** All entries of this satellite, whenever collected. */
  everything: GetAnalytics;
  stop(): Promise<void>;
}

/** What `orbiter deploy --json` prints, as far as it is used here. */
interface Deployed {
  orbiter: { id: string };
  satellite: { id: string };
  demo_url: string;
  dashboard_url: string;
}

const connect = async (port: number, link: string): Promise<Pick<Product, 'orbiter' | 'everything'>> => {
  const { identity, orbiter, satellite } = decodeAccess(link);
  // Node does not resolve names below localhost; the API is the same at the address.
  const host = `http://127.0.0.1:${port}`;
  const agent = await HttpAgent.create({ host, identity, shouldFetchRootKey: true });
  return {
    orbiter: Actor.createActor<OrbiterService>(idlFactory, { agent, canisterId: orbiter }),
    everything: { satellite_id: [satellite], from: [], to: [] },
  };
};

/** Starts a network of its own on a free port and deploys there. Nothing of it outlives `stop`. */
export const startProduct = async (): Promise<Product> => {
  const folder = mkdtempSync(join(tmpdir(), 'product-'));
  // Marks the folder as a project, so that the command line keeps its keys here and nowhere else.
  mkdirSync(join(folder, '.orbiter'));
  const statusFile = join(folder, 'status.json');
  const network = await start(LOCALNET, ['run', '--port', '0', '--status-file', statusFile], statusFile);
  const stop = async (): Promise<void> => {
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port = (JSON.parse(network.ready) as { gateway_port: number }).gateway_port;
    const wasm = ['--orbiter-wasm', ORBITER_WASM, '--satellite-wasm', SATELLITE_WASM];
    const output = await run(
      ORBITER_CLI,
      ['--port', `${port}`, '--json', '--yes', 'deploy', ...wasm],
      folder,
    );
    const deployed = JSON.parse(output) as Deployed;
    return {
      gateway: `http://localhost:${port}`,
      orbiterId: deployed.orbiter.id,
      satelliteId: deployed.satellite.id,
      demoUrl: deployed.demo_url,
      dashboardUrl: deployed.dashboard_url,
      ...(await connect(port, deployed.dashboard_url)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
