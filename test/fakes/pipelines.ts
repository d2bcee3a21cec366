import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/root.ts';

export const shipments = 'jushuitan-saleout-to-kingdee.yaml';

/** A folder with the shipped pipelines; `edits` replace a text that is in the file of shipments. */
export function pipelineFolder(...edits: (readonly [was: string, is: string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'xiaoqing-pipelines-'));
  cpSync(join(projectRoot, 'pipelines'), folder, { recursive: true });
  const file = join(folder, shipments);
  let text = readFileSync(file, 'utf8');
  for (const [was, is] of edits) {
    if (!text.includes(was)) throw new Error(`no such text: ${was}`);
    text = text.replace(was, () => is);
  }
  writeFileSync(file, text);
  return folder;
}
