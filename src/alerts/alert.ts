import { toIso } from '../shanghai.ts';

/** A cause that is, or was, wrong: one row a pipeline and category. */
export interface Alert {
  fingerprint: string;
  pipeline: string;
  category: string;
  severity: 'urgent' | 'normal';
  /** Follows from the row and the silences that hold; never stored. */
  state: 'firing' | 'acknowledged' | 'silenced' | 'resolved';
  count: number;
  /** What `count` counts. */
  unit: 'orders' | 'runs' | 'none';
  message: string;
  next: string;
  about: { orders: string[]; subjects: string[]; details: Record<string, string | number>[] };
  /** Back soon after it was over is the same episode; long after it, the next. */
  episode: number;
  since: Date;
  resolvedAt: Date | null;
  owner: string | null;
  /** What the owner's platform calls them. */
  ownerName: string | null;
  ownedAt: Date | null;
  /** Who silenced it, and until when. */
  silencer: string | null;
  silencerName: string | null;
  until: Date | null;
}

/** One message that was said of an alert in this episode. */
export interface Said {
  receiver: string;
  /** `asked`: somebody had it shown. */
  kind: 'alert' | 'escalation' | 'resolved' | 'asked';
  cardId: string;
  severity: Alert['severity'];
  count: number;
  at: Date;
  /** It is still on its way. */
  pending: boolean;
  /** A card stands there that can be moved. */
  movable: boolean;
}

/** An alert and all that was said of it, oldest first. */
export interface SpokenAlert extends Alert {
  said: Said[];
}

/** An alert as the contracts show it. */
export interface AlertReport {
  fingerprint: string;
  pipeline: string;
  category: string;
  severity: string;
  count: number;
  state: Alert['state'];
  since: string;
  owner?: string;
  until?: string;
}

export function alertReport(alert: Alert): AlertReport {
  const { fingerprint, pipeline, category, severity, count, state, since, owner, until } = alert;
  return {
    fingerprint,
    pipeline,
    category,
    severity,
    count,
    state,
    since: toIso(since),
    ...(owner ? { owner } : {}),
    ...(until ? { until: toIso(until) } : {}),
  };
}
