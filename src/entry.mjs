#!/usr/bin/env node
import module from 'node:module';

// Plain and old JavaScript on purpose: a Node from 12 on has to be able to read this far and say one sentence.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `小青需要 Node 22.19 以上，这里是 ${process.versions.node}。装一个新的 Node 再试；在项目目录里可以用 npm ci && npm start：项目自带合适的 Node。`,
  );
  process.exit(2);
}
// Stripped and compiled once, not at each start.
module.enableCompileCache();
import('./cli.ts').then(({ main }) => main(process.argv.slice(2), process.env));
