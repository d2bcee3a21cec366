import { phrase } from '../phrases.ts';
import { mapLabel } from '../sync/maps.ts';
import type { Rule } from '../sync/pipeline.ts';

/** A rule read aloud: where the value starts, then what is done to it. */
export function ruleInWords(rule: Rule | undefined, prefix: string): string {
  if (!rule) return phrase('explain.no_rule');
  const steps: string[] = [];
  if (rule.const !== undefined) steps.push(phrase('explain.const', { value: String(rule.const) }));
  if (rule.bill_number) steps.push(phrase('explain.bill_number', { prefix }));
  if (rule.discount) steps.push(phrase('explain.discount'));
  if (rule.expr) steps.push(phrase('explain.expr', { expr: rule.expr }));
  if (rule.from)
    steps.push(phrase('explain.from', { from: [rule.from, ...(rule.or ?? [])].join(phrase('explain.or')) }));
  if (rule.map) steps.push(phrase('explain.map', { map: mapLabel(rule.map) }));
  if (rule.default !== undefined)
    steps.push(
      rule.default === 'same' ? phrase('explain.same') : phrase('explain.default', { value: String(rule.default) }),
    );
  if (rule.round !== undefined) steps.push(phrase('explain.round', { round: rule.round }));
  if (rule.note) steps.push(`（${rule.note}）`);
  return steps.join('，').replace('，（', '（');
}
