// `npm run bench:reconcile [-- 300000] [-- --pglite]`: a month of so many documents, sandbox and service each a process of its own,
// over HTTP; on PostgreSQL where TEST_DATABASE_URL is set. The short form is in `npm test`.
import { reconcileMonth } from './scenario/month.ts';

const documents = Number(process.argv.find((text) => /^\d+$/.test(text)) ?? 300_000);
const server = process.argv.includes('--pglite') ? undefined : process.env.TEST_DATABASE_URL;
const result = await reconcileMonth({ documents, days: 31, server });
process.stdout.write(`${JSON.stringify(result)}\n`);
const right = result.notFound.length === 0 && result.notPlanted.length === 0;
process.exit(right && result.chatP99Ms <= 150 ? 0 : 1);
