/** The server that all test files share. */

import { PocketIcServer } from '@dfinity/pic';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string;
  }
}

/** The server's program: what POCKET_IC_BIN names, else dist/localnet, else target/debug/localnet. */
function program(): string {
  const built = ['dist/localnet', 'target/debug/localnet'].map((path) =>
    fileURLToPath(new URL(`../../${path}`, import.meta.url)),
  );
  const found = process.env.POCKET_IC_BIN ?? built.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error('there is no server: run scripts/build, or set POCKET_IC_BIN to one');
  }
  return found;
}

/** Starts the server before the first test and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await PocketIcServer.start({ binPath: program() });
  project.provide('serverUrl', server.getUrl());
  return () => server.stop();
}
