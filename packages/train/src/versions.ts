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
