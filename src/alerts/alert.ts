export interface Alert {
  fingerprint: string;
  pipeline: string;
  category: string;
  severity: 'urgent' | 'normal';
  state: 'firing' | 'acknowledged' | 'silenced' | 'resolved';
  count: number;
  message: string;
  next: string;
  about: { orders: string[]; subjects: string[]; details: Record<string, string | number>[] };
  since: Date;
  lastSeen: Date;
  resolvedAt: Date | null;
  owner: string | null;
  until: Date | null;
  notifiedAt: Date | null;
  escalatedAt: Date | null;
  shown: string;
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
