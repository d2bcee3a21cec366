import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readerFolder } from './lexicon.ts';
import type { Stretch } from './parts.ts';
import { type Act, acts } from './scorer.ts';

/** A sentence with what it is about, what its writer does with it, and who wrote it. */
export interface Line {
  text: string;
  intent: string;
  act: Act;
  by: string;
}

const samples: Readonly<Record<string, readonly string[]>> = {
  店: ['青禾旗舰店', '天猫旗舰店', '10037', '抖音店', '城南小店', '京东自营店', '店铺20031', '10018店'],
  仓: ['华东仓', '北仓', '云仓', '仓库12003'],
  单: ['261123005', '77003412', 'JST261124018', '3402118855', '20261123000117'],
  料: ['A-1093', 'B-20', 'SKU8821'],
  客: ['CUST0007', '青禾商贸'],
  人: ['小李', '王姐', '老张', '刘会计', '财务', '老板'],
};

/** The corpus: a line is sentence, intent, act, writer, with tabs between. {店} and its like stand for names and numbers of any kind. */
export function readCorpus(): Line[] {
  return readFileSync(join(readerFolder, 'corpus.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const [text = '', intent = '', act = '', by = ''] = line.split('\t');
      if (!(acts as readonly string[]).includes(act) || by === '')
        throw new Error(`corpus.tsv, line ${index + 1}: ${line}`);
      return { text: filled(text, index), intent, act: act as Act, by };
    });
}

/** The placeholders as something of their kind; the same at every reading. */
function filled(text: string, seed: number): string {
  let turn = seed;
  return text.replace(/\{(.)\}/g, (all, kind: string) => {
    const options = samples[kind];
    return options?.[turn++ % options.length] ?? all;
  });
}

/** Words of a sentence beside its command, and whether they narrow it. */
export interface Aside {
  text: string;
  stretch: Stretch;
  narrows: boolean;
}

/** asides.txt: sentences in which 〔…〕 changes nothing of what is asked for, and 〈…〉 may. */
export function readAsides(): Aside[] {
  return readFileSync(join(readerFolder, 'asides.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const text = line.replace(/[〔〕〈〉]/g, '');
      let marks = 0;
      return [...line.matchAll(/([〔〈])([^〕〉]*)[〕〉]/g)].map(({ index, 1: mark, 2: words = '' }): Aside => {
        const from = index - marks;
        marks += 2;
        return { text, stretch: { from, to: from + words.length }, narrows: mark === '〈' };
      });
    });
}
