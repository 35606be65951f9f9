import tseslint from 'typescript-eslint'

const bans = (tests) => [
  'error',
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: one concept, one word, in every package.',
  },
  ...(tests
    ? []
    : [
        {
          selector:
            "MemberExpression[object.name='tf'][property.name=/^(random|multinomial|truncatedNormal)/]",
          message: 'Draw from a key of @maxent/core/keys: a run must repeat bit for bit.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Draw from a key of @maxent/core/keys: a run must repeat bit for bit.',
        },
      ]),
]

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/.turbo/**',
      '**/.vitepress/.temp/**',
      '**/.vitepress/cache/**',
      '**/*.d.ts',
      'bench-out/**',
      'templates/**',
      '**/.readme-example-*',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.mjs', '.dependency-cruiser.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // No code here uses `this`: environments, algorithms and optimisers are records of functions, and are taken apart freely.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-params': ['error', 3],
      'prefer-const': 'error',
      'no-restricted-syntax': bans(false),
    },
  },
  {
    // Suites print and tests may use ambient randomness to attack the code.
    files: ['**/*.test.ts', '**/*.test-d.ts', '**/testing/**'],
    rules: { 'no-restricted-syntax': bans(true), 'max-params': 'off' },
  },
  {
    files: ['**/*.test-d.ts'],
    rules: { '@typescript-eslint/no-unused-vars': 'off' },
  },
  {
    files: ['apps/**', '**/examples/**', '**/scripts/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.config.ts', '*.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
