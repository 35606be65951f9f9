import type { UserConfig } from 'vite'

/** Shared memory, and with it threads, is for pages that are cross-origin isolated. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

const config: UserConfig = {
  // The built page works in any folder of a server.
  base: './',
  // Sibling packages resolve to their sources, what they import to what browsers get.
  resolve: { conditions: ['@maxent/source', 'browser', 'module', 'import', 'default'] },
  worker: { format: 'es' },
  optimizeDeps: {
    // What the worker imports is known from the start: found later it would reload the page.
    entries: ['index.html', 'src/trainer.ts'],
    // Both find their .wasm file beside their own module.
    exclude: ['onnxruntime-web', '@mujoco/mujoco'],
  },
  server: { headers },
  preview: { headers },
}

export default config
