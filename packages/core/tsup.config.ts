import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/tabular/index.ts'],
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'es2023',
})
