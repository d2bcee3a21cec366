import { storm } from './scenario/storm.ts';

console.log(JSON.stringify(await storm(JSON.parse(process.argv[2] ?? ''))));
process.exit(0);
