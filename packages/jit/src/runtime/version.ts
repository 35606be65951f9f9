/** The version of ONNX Runtime that programs run on here. It decides a program's bits, so run records keep it. */
export async function runtimeVersion(): Promise<string> {
  const { env } = await import('#onnxruntime')
  return env.versions.common
}
