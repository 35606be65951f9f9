import type { UserConfig } from 'vitepress'

type Plugin = Extract<
  NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number],
  { readonly name: string }
>

const vue: Readonly<Record<string, string>> = {
  vue: import.meta.resolve('vue'),
  'vue/server-renderer': import.meta.resolve('vue/server-renderer'),
}

/** Pages lie outside of this package, where Node finds no Vue. */
export const vueOfTheSite: Plugin = {
  name: 'vue-of-the-site',
  enforce: 'pre',
  resolveId: (id, _importer, { ssr }) =>
    ssr === true && vue[id] !== undefined ? { id: vue[id], external: true } : undefined,
}
