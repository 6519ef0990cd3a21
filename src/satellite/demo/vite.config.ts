/// <reference types="vitest/config" />
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { ROUTES } from './src/routes.ts';

/** The tracker's script-tag build, under the name that pages know. */
const tracker = (): Plugin => ({
  name: 'tracker',
  apply: 'build',
  generateBundle() {
    const source = readFileSync(`${import.meta.dirname}/../../../js-client/dist/tracker.js`);
    this.emitFile({ type: 'asset', fileName: 'tracker.js', source });
  },
});

/** The document once more for each route, so that a server without rules can answer it. */
const routes = (): Plugin => ({
  name: 'routes',
  apply: 'build',
  enforce: 'post',
  generateBundle(_, bundle) {
    const document = bundle['index.html'];
    if (document?.type !== 'asset') throw new Error('index.html was not built');
    for (const route of Object.keys(ROUTES)) {
      if (route === '/') continue;
      this.emitFile({ type: 'asset', fileName: `${route.slice(1)}/index.html`, source: document.source });
    }
  },
});

// The root of what the satellite serves. Empties dist/pages: the dashboard is built after it.
export default defineConfig({
  plugins: [tracker(), routes()],
  build: {
    outDir: '../../../dist/pages',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', '404.html'] },
  },
  test: { name: 'demo', environment: 'happy-dom' },
});
