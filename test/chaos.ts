// `npm run chaos [-- --json]`: what has to be zero stays zero while links are cut, nodes are restarted, and nodes are killed. Takes
// minutes; the short form is in `npm test`. Nodes that are killed share a PostgreSQL server where one answers.
import { answers } from './fakes/database.ts';
import { type StormResult, storm } from './scenario/storm.ts';

const server = process.env.TEST_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test';
const shared = (await answers(server)) ? server : undefined;

/** What a storm got wrong. A session webhook of DingTalk's has no idempotency key: what was in flight may come twice there. */
function faults(result: StormResult): Record<string, number> {
  const { missing, repeated, repeatedInFlight, outOfOrder, crashes, leftOver, linksLeft, platform } = result;
  return {
    missing,
    repeated: repeated + (platform === 'feishu' ? repeatedInFlight : 0),
    outOfOrder,
    crashes: crashes.length,
    leftOver: Object.values(leftOver).reduce((sum, count) => sum + count, 0) + linksLeft,
  };
}

const ask = { messages: 10_000, conversations: 200, nodes: 3, disconnects: 20, restarts: 10 };
const results: Record<string, StormResult> = {};
for (const platform of ['dingtalk', 'feishu'] as const) {
  results[platform] = await storm({ ...ask, platform, kills: 0 });
  results[`${platform}Killed`] = await storm({ ...ask, platform, server: shared, kills: 20 });
}
const zeros: Record<string, number> = {};
for (const result of Object.values(results))
  for (const [name, count] of Object.entries(faults(result))) zeros[name] = (zeros[name] ?? 0) + count;
process.stdout.write(`${JSON.stringify({ zeros, ...results }, null, process.argv.includes('--json') ? 0 : 2)}\n`);
process.exit(Object.values(zeros).every((count) => count === 0) ? 0 : 1);
