import { startOfDay } from '../shanghai.ts';

const msOf = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return (hour * 60 + minute) * 60_000;
};

/** Whether an instant is within Shanghai hours like `08:00-22:00`, or over midnight: `22:00-08:00`. Half-open. */
export function within(hours: string, instant: Date): boolean {
  const [from = '', to = ''] = hours.split('-');
  const at = instant.getTime() - startOfDay(instant).getTime();
  const [start, end] = [msOf(from), msOf(to)];
  return start <= end ? at >= start && at < end : at >= start || at < end;
}
