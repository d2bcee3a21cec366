import type { Button, Card } from '../channels/message.ts';
import { someOf } from '../format.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { toWall } from '../shanghai.ts';
import type { Alert } from './alert.ts';
import { remedyOf } from './remedies.ts';

export const alertCardId = (fingerprint: string): string => `alert-${fingerprint}`;

export function categoryName(category: string): string {
  const own = `alerts.category.${category.replace(/^channel_down_.*/, 'channel_down')}`;
  return hasPhrase(own) ? phrase(own) : phrase(`cards.category.${category}`);
}

/** One cause, one card: from red over yellow to green, in place. */
export function alertCard(alert: Alert): Card {
  const { fingerprint, category, state, count, since, owner, until, resolvedAt, about } = alert;
  const name = categoryName(category);
  const at = (instant: Date | null): string => (instant ? toWall(instant).slice(5, 16) : '');
  const titles = {
    firing: phrase('alerts.title.firing', { name, since: at(since) }),
    acknowledged: phrase('alerts.title.acknowledged', { name, owner: owner ?? '' }),
    silenced: phrase('alerts.title.silenced', { name, until: at(until) }),
    resolved: phrase('alerts.title.resolved', { name, at: at(resolvedAt) }),
  };
  const remedy =
    state !== 'resolved' && about.orders.length > 0
      ? remedyOf({ pipeline: alert.pipeline, category, subjects: about.subjects, details: about.details })
      : null;
  const fields = [
    { label: phrase('alerts.field.affects'), value: phrase('alerts.affects', { count, since: at(since) }) },
    { label: phrase('alerts.field.why'), value: alert.message },
    ...(state === 'resolved' ? [] : [{ label: phrase('alerts.field.next'), value: alert.next }]),
    ...(about.subjects.length > 0
      ? [{ label: phrase('alerts.field.subjects'), value: someOf(about.subjects, 8) }]
      : []),
    ...(remedy?.fields ?? []),
    ...(about.orders.length > 0 ? [{ label: phrase('alerts.field.orders'), value: someOf(about.orders, 5) }] : []),
  ];
  const button = (
    label: string,
    tool: string,
    args: Record<string, string>,
    style: Button['style'] = 'default',
  ): Button => ({
    label: phrase(`alerts.button.${label}`),
    style,
    action: { name: tool, args },
    say: phrase(`alerts.say.${label}`, { name }),
  });
  return {
    id: alertCardId(fingerprint),
    ...(state === 'resolved' ? { ended: true as const } : {}),
    title: titles[state],
    tone: { firing: 'bad', acknowledged: 'warn', silenced: 'warn', resolved: 'good' }[state] as Card['tone'],
    blocks: [{ type: 'fields', fields }],
    buttons:
      state === 'resolved'
        ? []
        : [
            ...(remedy ? [remedy.retry, ...remedy.buttons] : []),
            ...(state === 'firing' ? [button('own', 'acknowledge-alert', { fingerprint })] : []),
            ...(state === 'silenced'
              ? [button('wake', 'end-silence', { fingerprint })]
              : [button('silence', 'silence-alert', { fingerprint, minutes: '60' })]),
            ...(remedy ? [button('details', 'list-failures', {})] : []),
          ],
    ...(remedy?.form ? { form: remedy.form } : {}),
  };
}
