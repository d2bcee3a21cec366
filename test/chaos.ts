// `npm run chaos [-- --json]`: what has to be zero stays zero under broken links. Takes minutes; the short form is in `npm test`.
import { messageStorm } from './scenario/storm.ts';

console.info = console.error; // the SDK speaks on stdout, which is for the result

const result = await messageStorm({ messages: 10_000, conversations: 200, nodes: 3, disconnects: 20 });
const zeros = { missing: result.missing, repeated: result.repeated, outOfOrder: result.outOfOrder };
process.stdout.write(
  `${process.argv.includes('--json') ? JSON.stringify({ ...result }) : JSON.stringify({ zeros, ...result }, null, 2)}\n`,
);
process.exit(Object.values(zeros).every((count) => count === 0) ? 0 : 1);
