import { existsSync } from 'node:fs';
import module from 'node:module';

// Plain JavaScript on purpose: an older Node has to be able to read this far and say one sentence.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `小青需要 Node 22.19 以上，这里是 ${process.versions.node}。在项目里先运行 npm ci，再用 npm start 启动：项目自带合适的 Node。`,
  );
  process.exit(2);
}
// Stripped and compiled once, not at each start.
module.enableCompileCache();
// What is set outside wins over the file.
if (existsSync('.env')) process.loadEnvFile();
const { main } = await import('./cli.ts');
await main(process.argv.slice(2), process.env);
