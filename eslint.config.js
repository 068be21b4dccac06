import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

const timers = ['setTimeout', 'setInterval'].map((name) => ({
  name,
  message: 'Take time from a Clock (src/core/base/clock.ts), so that tests need no sleeps.',
}))

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      'coverage/**',
      'test/fixtures/*/**',
      '!test/fixtures/plugins/**',
      'examples/plugins/**',
      'examples/graph/subgraph/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  prettier,
  {
    languageOptions: {parserOptions: {project: ['./tsconfig.eslint.json'], tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_'}],
      'max-lines': ['error', {max: 400, skipBlankLines: true, skipComments: true}],
      'max-lines-per-function': ['warn', {max: 60, skipBlankLines: true, skipComments: true}],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'no-console': 'error',
    },
  },
  {files: ['src/**/*.ts'], ignores: ['src/core/base/**'], rules: {'no-restricted-globals': ['error', ...timers]}},
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {parserOptions: {project: false, projectService: false}},
    rules: {'no-console': 'off', '@typescript-eslint/no-require-imports': 'off'},
  },
)
