import { type AppError, asAppError } from '../errors.ts';
import { refuseCron } from './cron.ts';
import type { Pipeline } from './pipeline.ts';

export interface Schedule {
  cron: string;
  enabled: boolean;
  /** When one that is paused runs again by itself. */
  pausedUntil?: Date;
}

/** The schedule that holds for a pipeline. One that is on and cannot be kept has a fault, and does not run. */
export interface ScheduleInForce extends Schedule {
  fault: AppError | null;
}

/** What was said in chat, else what the file says. */
export function scheduleInForce({ schedule }: Pipeline, said: Schedule | undefined): ScheduleInForce {
  const held: Schedule = said ?? { cron: schedule.cron, enabled: schedule.enabled };
  try {
    refuseCron(held.cron, schedule.min_interval);
    return { ...held, fault: null };
  } catch (error) {
    return { ...held, fault: asAppError(error) };
  }
}

/** Whether it runs by itself. */
export const runsByItself = ({ enabled, fault }: ScheduleInForce): boolean => enabled && fault === null;
