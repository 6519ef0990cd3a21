/** What is tested: the files in dist/, or others that the environment names. */
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

const artefact = (variable: string, name: string): string =>
  resolve(ROOT, process.env[variable] ?? `dist/${name}`);

export const LOCALNET = artefact('LOCALNET_BIN', 'localnet');
export const ORBITER_CLI = artefact('ORBITER_BIN', 'orbiter');
export const ORBITER_WASM = artefact('ORBITER_WASM', 'orbiter.wasm');
export const SATELLITE_WASM = artefact('SATELLITE_WASM', 'satellite.wasm');
export const CHROMIUM = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';

/** Where pictures of the pages go; not part of the repository. */
export const SCREENSHOTS = resolve(ROOT, 'screenshots');
