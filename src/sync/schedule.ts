import { type AppError, asAppError } from '../errors.ts';
import { refuseCron } from './cron.ts';
import type { Pipeline } from './pipeline.ts';

export interface Schedule {
  cron: string;
  enabled: boolean;
}

/** The schedule that holds for a pipeline. One that is on and cannot be kept has a fault, and does not run. */
export interface ScheduleInForce extends Schedule {
  fault: AppError | null;
}

/** What was said in chat, else what the file says. */
export function scheduleInForce({ schedule }: Pipeline, said: Schedule | undefined): ScheduleInForce {
  const { cron, enabled } = said ?? schedule;
  try {
    refuseCron(cron, schedule.min_interval);
    return { cron, enabled, fault: null };
  } catch (error) {
    return { cron, enabled, fault: asAppError(error) };
  }
}

/** Whether it runs by itself. */
export const runsByItself = ({ enabled, fault }: ScheduleInForce): boolean => enabled && fault === null;
