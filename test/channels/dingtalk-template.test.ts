import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cardParams } from '../../src/channels/dingtalk/card.ts';
import { createDingtalk } from '../../src/channels/dingtalk/channel.ts';
import { projectRoot } from '../../src/root.ts';

interface Node {
  componentName: string;
  props: object;
  children?: Node[];
}

const docs = join(projectRoot, 'docs');
const template = JSON.parse(readFileSync(join(docs, 'dingtalk-card-template.json'), 'utf8')) as { editorData: string };
const { schema, variableList, mockData } = JSON.parse(template.editorData) as {
  schema: { componentsMap: { componentName: string }[]; componentsTree: Node[] };
  variableList: { name: string }[];
  mockData: { cardData: object };
};
const nodes = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodes)];
const all = schema.componentsTree.flatMap(nodes);
const variables = variableList.map(({ name }) => name).sort();

/** `flowStatus` is the state of the card, `sys_full_json_obj` belongs to the platform's own templates. */
const filled = [
  ...Object.keys(cardParams({ id: '1', title: '', tone: 'good', blocks: [], buttons: [] })),
  'flowStatus',
].filter((name) => name !== 'sys_full_json_obj');

test('the template has exactly the variables that are filled, and its example fills them', () => {
  expect(variables).toEqual(filled.sort());
  expect(Object.keys(mockData.cardData).sort()).toEqual(variables);
});

test('every variable is shown or decides what is shown, and no other is named', () => {
  const text = JSON.stringify(all.map(({ props }) => props));
  const used = [...text.matchAll(/"variable":"(\w+)"|\$\{(\w+)\}/g)].map(([, bound, named]) => bound ?? named);
  expect([...new Set(used)].sort()).toEqual(variables);
});

test('the answer streams into the markdown of the card', () => {
  const streaming = all.filter(({ props }) => 'isStreaming' in props && props.isStreaming);
  expect(streaming.map(({ props }) => 'content' in props && props.content)).toEqual([
    expect.objectContaining({ variable: 'markdown' }),
  ]);
});

test('every component that is used is declared, under an id of its own', () => {
  expect([...new Set(all.map(({ componentName }) => componentName))].sort()).toEqual(
    schema.componentsMap.map(({ componentName }) => componentName).sort(),
  );
});

test('the page that explains it names every variable', () => {
  const page = readFileSync(join(docs, 'dingtalk-card-template.md'), 'utf8');
  for (const name of variables) expect(page).toContain(`\`${name}\``);
});

test('without a template no answer grows: it is sent whole', () => {
  const settings = { clientId: 'd', clientSecret: 's', robotCode: 'd', apiBase: '', oapiBase: '', qps: 20 };
  const ports = { now: () => new Date(), onError: () => undefined };
  expect(createDingtalk(settings, ports).growing).toBeUndefined();
  expect(createDingtalk({ ...settings, cardTemplateId: 't' }, ports).growing).toBeDefined();
});
