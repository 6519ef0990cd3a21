/** Serves a fixture, bundled, the way any dapp on another origin would be served. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';
import type { Running } from './processes';

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** Bundles `fixtures/NAME` in memory and serves it at the returned origin. */
export const startSite = async (name: string): Promise<Running & { origin: string }> => {
  const built = await build({
    root: `${import.meta.dirname}/fixtures/${name}`,
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2022' },
  });
  const files = new Map<string, string | Uint8Array>();
  for (const file of (built as Rolldown.RolldownOutput).output) {
    files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = files.has(pathname) ? pathname : '/index.html';
    const extension = path.slice(path.lastIndexOf('.') + 1);
    response.setHeader('content-type', TYPES[extension] ?? 'application/octet-stream');
    response.end(files.get(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
