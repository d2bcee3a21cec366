// Arrows run one way, downwards: main -> app -> http -> assistant -> connectors -> channels, sync -> store -> foundations.
const foundations =
  '^src/(config|errors|phrases|documents|decimal|json|shanghai|root|yaml|format|watched-file|folder-files|unseen|env-file|edits|chunk)\\.ts$';
const may = (name, from, to) => ({
  name,
  severity: 'error',
  comment: `${name} may import only what stands below it`,
  from: { path: from },
  to: { path: '^src/', pathNot: [from, foundations, ...to] },
});
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    may('foundations', foundations, []),
    may('store', '^src/store/', []),
    may('sync', '^src/sync/', ['^src/store/']),
    may('channels', '^src/channels/', ['^src/store/']),
    may('connectors', '^src/connectors/', ['^src/sync/(connector|catalogue)\\.ts$', '^src/store/']),
    {
      name: 'language-pure',
      severity: 'error',
      from: { path: '^src/assistant/language/' },
      to: { path: '^src/', pathNot: ['^src/assistant/(language|intents)/', '^src/root\\.ts$'] },
    },
    {
      name: 'intents',
      severity: 'error',
      from: { path: '^src/assistant/intents/' },
      to: { path: '^src/', pathNot: '^src/assistant/intents/' },
    },
    may('assistant', '^src/assistant/', [
      '^src/alerts/',
      '^src/reports/',
      '^src/channels/message\\.ts$',
      '^src/sync/',
      '^src/store/',
    ]),
    may('alerts', '^src/alerts/', ['^src/channels/', '^src/sync/', '^src/store/']),
    may('reports', '^src/reports/', ['^src/channels/message\\.ts$', '^src/sync/', '^src/store/']),
    may('http', '^src/http/', ['^src/reports/', '^src/assistant/', '^src/channels/', '^src/sync/', '^src/store/']),
    {
      name: 'sandbox',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: ['^src/sandbox/', foundations] },
    },
    {
      name: 'one-vendor',
      severity: 'error',
      from: { path: '^src/connectors/jushuitan/' },
      to: { path: '^src/connectors/kingdee/' },
    },
    {
      name: 'one-vendor-back',
      severity: 'error',
      from: { path: '^src/connectors/kingdee/' },
      to: { path: '^src/connectors/jushuitan/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/http/page' },
  },
};
