/** What is tested: the files in dist/, or others that the environment names. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The file that `variable` names, else the usual one; a missing one ends the tests with what to do. */
const file = (variable: string, usual: string, advice: string): string => {
  const path = resolve(ROOT, process.env[variable] ?? usual);
  if (!existsSync(path)) throw new Error(`${path} is missing: ${advice}, or set ${variable} to its place.`);
  return path;
};
const artefact = (variable: string, name: string): string =>
  file(variable, `dist/${name}`, 'run scripts/build');

export const LOCALNET = artefact('LOCALNET_BIN', 'localnet');
export const ORBITER_CLI = artefact('ORBITER_BIN', 'orbiter');
export const ORBITER_WASM = artefact('ORBITER_WASM', 'orbiter.wasm');
export const SATELLITE_WASM = artefact('SATELLITE_WASM', 'satellite.wasm');
export const CHROMIUM = file('CHROMIUM_BIN', '/usr/bin/chromium', 'run scripts/setup test');

/** Where pictures of the pages go; not part of the repository. */
export const SCREENSHOTS = resolve(ROOT, 'screenshots');
