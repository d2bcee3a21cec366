import type { Message } from '../channels/message.ts';
import { type RunReport, runReport, type SyncService } from '../sync/service.ts';
import { dayWindow } from '../sync/window.ts';
import type { Answer, Gate } from './gate.ts';

/** A run of whole days (Asia/Shanghai, inclusive), as a command line or a program asks for it. */
export interface DayRun {
  from: string;
  to: string;
  by: 'io_date' | 'modified';
  pipeline?: string | undefined;
  preview: boolean;
}

/**
 * Starts or previews such a run, through the gate; `command`: a command line, which needs no yes. Where a yes is needed, the
 * question comes back instead. Codes: `gate.not_allowed`, `sync.unknown_pipeline`, `window.*`.
 */
export async function startDayRun(
  { gate, sync, now }: { gate: Gate; sync: SyncService; now: () => Date },
  message: Message,
  { from, to, preview, by, pipeline = sync.defaultPipeline }: DayRun,
  { command }: { command: boolean },
): Promise<{ report: RunReport } | { question: Answer }> {
  const asked = { pipeline: sync.known(pipeline), by, ...dayWindow(from, to, now()) };
  if (preview) {
    await gate.admit(message, 'sync-orders', asked);
    const { person, conversation } = message;
    const requester = { person, conversation };
    const request = { ...asked, kind: 'sync', trigger: 'cli', filters: {}, requester } as const;
    return { report: runReport(await gate.read(message, () => sync.preview(request))) };
  }
  const args = { ...asked, start: asked.start.toISOString(), end: asked.end.toISOString() };
  const answer = await gate.carryOut(message, { tool: 'sync-orders', args, intent: 'sync', slots: {} }, { command });
  return answer.run ? { report: runReport(await sync.view(answer.run.id)) } : { question: answer };
}
