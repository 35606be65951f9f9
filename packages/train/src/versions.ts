import { runtimeVersion } from '@maxent/jit'
import { version_core as tfjs } from '@tensorflow/tfjs'
import packageJson from '../package.json' with { type: 'json' }

/** The versions that decide a run's bits, as far as they can be told. */
export async function versions(): Promise<Readonly<Record<string, string>>> {
  const node = typeof process === 'undefined' ? undefined : process.versions.node
  return {
    '@maxent/train': packageJson.version,
    '@tensorflow/tfjs': tfjs,
    onnxruntime: await runtimeVersion(),
    ...(node === undefined ? {} : { node }),
  }
}

/** The machine as far as it decides a run's bits: kernels are chosen by processor. */
export function machine(): Readonly<Record<string, string>> {
  if (typeof process === 'undefined') return {}
  // In a browser `process` may be there in part; an import would keep bundlers from building for it.
  const { platform, arch, getBuiltinModule } = process as Partial<typeof process>
  const cpu = getBuiltinModule?.('node:os').cpus()[0]?.model
  return { platform: platform ?? 'unknown', arch: arch ?? 'unknown', cpu: cpu ?? 'unknown' }
}
