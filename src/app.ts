import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Alerts } from './alerts/alerts.ts';
import type { Surroundings } from './alerts/condition.ts';
import { createRobots } from './alerts/robots.ts';
import { Rules } from './alerts/rules.ts';
import { Assistant } from './assistant/assistant.ts';
import { Memory } from './assistant/memory.ts';
import { Misreads } from './assistant/misreads.ts';
import type { Model } from './assistant/model.ts';
import { startMoving } from './assistant/moving.ts';
import { KnownNames } from './assistant/names.ts';
import { Audit } from './assistant/policy/audit.ts';
import { Confirmations } from './assistant/policy/confirmations.ts';
import { Logins } from './assistant/policy/logins.ts';
import { Reads } from './assistant/policy/reads.ts';
import { loadRoles } from './assistant/policy/roles.ts';
import { Usage } from './assistant/policy/usage.ts';
import { Settings } from './assistant/settings.ts';
import { loadTools } from './assistant/tools/load.ts';
import type { Tool } from './assistant/tools/tool.ts';
import type { Channel } from './channels/channel.ts';
import { Conversations } from './channels/conversations.ts';
import type { FeishuChannel } from './channels/feishu/channel.ts';
import type { Card } from './channels/message.ts';
import type { Outbox } from './channels/outbox.ts';
import type { Config } from './config.ts';
import { compilePipelines, connectPipelines, sandboxControl } from './erp.ts';
import { filesOf } from './folder-files.ts';
import { phrase } from './phrases.ts';
import { showReconciliation } from './reconciled.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';
import { openStore, type Store } from './store/open.ts';
import { createPace } from './store/pace.ts';
import { startQueue } from './store/queue.ts';
import { createTokenStore } from './store/tokens.ts';
import { Brake, brakeNote } from './sync/brake.ts';
import { Decisions } from './sync/decisions.ts';
import { Ledger } from './sync/ledger.ts';
import { loadMaps } from './sync/maps.ts';
import { Outcomes } from './sync/outcomes.ts';
import { pipelineEndings } from './sync/pipeline.ts';
import { Reconciler } from './sync/reconcile.ts';
import { Runner } from './sync/runner.ts';
import { Runs } from './sync/runs.ts';
import { runsByItself, type ScheduleInForce, scheduleInForce } from './sync/schedule.ts';
import { startSchedules } from './sync/scheduler.ts';
import { SyncService } from './sync/service.ts';
import { Watermarks } from './sync/watermarks.ts';
import { WriteQueue } from './sync/write-queue.ts';
import { startTimetable } from './timetable.ts';
import { runQueue, startWork } from './work.ts';

export interface Ports {
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  onError: (error: unknown, where: string) => void;
  /** Scales the limits of the chat platforms: 1, unless a test says otherwise. */
  pace?: number;
}

export interface App {
  config: Config;
  store: Store;
  sync: SyncService;
  assistant: Assistant;
  tools: ReadonlyMap<string, Tool>;
  reconciler: Reconciler;
  alerts: Alerts;
  settings: Settings;
  /** What the files of PIPELINES_DIR hold that their makers may not know, a sentence each. */
  remarks: readonly string[];
  logins: Logins;
  /** The page listens here: where links to it lead, unless PUBLIC_URL says otherwise. */
  servedAt: (url: string) => void;
  /** Null when real systems are set. */
  sandbox: Sandbox | null;
  ports: Ports;
  /** The chat platforms that are set; they listen once they are started. */
  conversations: Conversations;
  feishu: FeishuChannel | null;
  /** Where cards that move are shown besides: the page. */
  onCard: (show: (conversation: string, card: Card) => void) => void;
  stop(): Promise<void>;
}

const refreshEveryMs = 15_000;

/** Builds every part and joins them, here and only here. `work` = whether this process carries out runs and schedules. */
export async function createApp(
  config: Config,
  ports: Ports,
  { work, schedule }: { work: boolean; schedule: boolean },
): Promise<App> {
  const { now, sleep, onError, pace: chatPace = 1 } = ports;
  const maps = loadMaps(join(config.pipelinesDir, 'maps'));
  const compiled = compilePipelines(config.pipelinesDir, maps);

  const store = await openStore({ dataDir: config.dataDir, databaseUrl: config.databaseUrl });
  const closers: (() => Promise<unknown>)[] = [() => store.close()];
  try {
    const sandbox = config.erp ? null : await startSandbox({ dir: join(config.dataDir, 'sandbox'), now });
    if (sandbox) closers.unshift(() => sandbox.close());
    const pace = createPace(store.sql, now, sleep);
    const pipelines = connectPipelines(config, compiled, {
      sandbox,
      pace,
      tokens: createTokenStore(store.sql, now),
      now,
      sleep,
      onError,
    });
    const records = {
      runs: new Runs(store.sql, now),
      ledger: new Ledger(store.sql, now),
      queue: new WriteQueue(store.sql, now),
      outcomes: new Outcomes(store.sql),
      watermarks: new Watermarks(store.sql, now),
      decisions: new Decisions(store.sql, now),
      brake: new Brake(store.sql, now),
    };
    const { runs, brake } = records;
    const queue = await startQueue(store, [runQueue], (error) => onError(error, 'queue'));
    closers.unshift(() => queue.stop());
    const rules = new Rules(config.alertsFile, onError);
    let show: Conversations['move'] = () => undefined;
    const owner = randomUUID();
    const runner = new Runner(
      { sql: store.sql, ...records, pipelines, now, sleep, onProgress: (id) => sync.progressed(id) },
      owner,
    );
    const reconciler = new Reconciler(
      {
        sql: store.sql,
        pipelines,
        now,
        onError,
        onProgress: (reconciliation) => {
          // One that goes on after a start may say so before there are conversations.
          const { publicUrl } = config;
          const { nightly } = rules.current();
          const outbox = (): Outbox => conversations.outbox;
          showReconciliation(
            { reconciler, pipelines, publicUrl, nightly, show: (...moved) => show(...moved), outbox },
            reconciliation,
          ).catch((error: unknown) => onError(error, 'reconcile'));
        },
      },
      owner,
    );
    closers.unshift(() => reconciler.stop());
    const sync: SyncService = new SyncService({
      ...records,
      pipelines,
      now,
      enqueue: (id, tx) => queue.send(runQueue, { id }, { tx }),
    });
    closers.unshift(() => sync.stop());
    // The folder's lock proves that no other process runs an embedded store: its leases are those of the dead.
    if (store.embedded) await Promise.all([runs.releaseLeases(), reconciler.releaseLeases()]);
    if (work) closers.unshift(await startWork({ queue, runner, runs, reconciler, onError }));
    const settings = new Settings(store.sql, now, maps);
    await settings.refresh();
    if (schedule) {
      const changed = (): ReturnType<Settings['schedules']> => settings.schedules();
      const schedules = await startSchedules({ sql: store.sql, sync, changed, now, onError });
      closers.unshift(async () => schedules.stop());
    }
    /** Of each pipeline, the schedule that holds. */
    const inForce = async (): Promise<(readonly [string, ScheduleInForce])[]> => {
      const changed = await settings.schedules();
      return [...pipelines].map(([id, { pipeline }]) => [id, scheduleInForce(pipeline, changed.get(id))]);
    };
    const scheduled = async (): Promise<string[]> =>
      (await inForce()).flatMap(([id, schedule]) => (runsByItself(schedule) ? [id] : []));
    const refresh = setInterval(
      () => void settings.refresh().catch((error: unknown) => onError(error, 'settings')),
      refreshEveryMs,
    );
    closers.unshift(async () => clearInterval(refresh));
    const alerts: Alerts = new Alerts({
      sql: store.sql,
      now,
      rules,
      surroundings: async () => ({
        pipelines: [...pipelines.keys()],
        ...schedulesSeen(await inForce()),
        // Nothing is late that may not begin.
        ...((await brake.held()) ? { schedules: new Map() } : {}),
        dataDir: config.dataDir,
        channels: conversations.status(),
      }),
      get outbox() {
        return conversations.outbox;
      },
      show: (conversation, card) => show(conversation, card),
      frame: async () => {
        const note = [sandbox ? phrase('replies.sandbox_note') : '', brakeNote(await brake.held())];
        return {
          ...(config.publicUrl ? { publicUrl: config.publicUrl } : {}),
          ...(note.some(Boolean) ? { note: note.filter(Boolean).join(' · ') } : {}),
        };
      },
    });
    const tools = await loadTools();
    const logins = new Logins(store.sql, now);
    let pageUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
    const assistant = new Assistant({
      tools,
      sync,
      switchedOff: compiled.map(({ pipeline }) => pipeline).filter(({ id }) => !pipelines.has(id)),
      sql: store.sql,
      settings,
      roles: loadRoles(config.rolesFile, config.erp === null, [...tools.keys()], onError),
      confirmations: new Confirmations(store.sql, now),
      audit: new Audit(store.sql, now),
      logins,
      reads: new Reads(),
      pageUrl: () => pageUrl,
      memory: new Memory(store.sql),
      misreads: new Misreads(store.sql, now),
      names: new KnownNames({ sql: store.sql, sync, settings, now }),
      model: config.model ? await createModel(config.model, new Usage(store.sql, now), now, onError) : null,
      reconciler,
      alerts,
      sandbox: sandbox ? sandboxControl(sandbox) : null,
      connected: () => ({
        channels: conversations.status().map(({ name }) => name),
        model: config.model !== null,
      }),
      now,
      sendFile: async (conversation, { name, bytes }, path) => {
        const link = config.publicUrl ? { link: `${config.publicUrl}${path}` } : {};
        await conversations.outbox.file(conversation, { name, bytes, ...link });
      },
      show: (conversation, card) => show(conversation, card),
      onError,
    });
    const { dingtalk, feishu } = await createChannels(config, { now, onError, pace: chatPace });
    const conversations: Conversations = new Conversations({
      sql: store.sql,
      now,
      channels: [dingtalk, feishu].filter((channel) => channel !== null),
      listeners: new Map([['robot', createRobots({ rules, pace, now })]]),
      answer: async (message, onText) => (await assistant.answer(message, onText)).reply,
      pace: chatPace,
      sorry: phrase('channel.sorry'),
      embedded: store.embedded,
      onError,
    });
    if (schedule) {
      const timetable = startTimetable({
        sql: store.sql,
        now,
        sync,
        reconciler,
        outbox: conversations.outbox,
        rules: () => rules.current(),
        scheduled,
        alerts,
        onError,
      });
      closers.unshift(async () => timetable.stop());
    }
    const moving = startMoving({
      sync,
      now,
      show: (...moved) => show(...moved),
      elsewhere: (run, card) => alerts.reportRun(run, card),
      onError,
    });
    closers.unshift(
      () => moving.stop(),
      () => conversations.stop(),
    );
    let onPage: (conversation: string, card: Card) => void = () => undefined;
    show = (conversation, card, tell) => {
      onPage(conversation, card);
      conversations.move(conversation, card, tell);
    };
    return {
      config,
      store,
      sync,
      assistant,
      tools,
      reconciler,
      alerts,
      settings,
      remarks: [...filesOf(config.pipelinesDir, pipelineEndings).passedOver, ...maps.remarks],
      logins,
      servedAt: (url) => {
        pageUrl = config.publicUrl ?? url;
      },
      sandbox,
      ports,
      conversations,
      feishu,
      onCard: (showCard) => {
        onPage = showCard;
      },
      async stop() {
        for (const close of closers) await close();
      },
    };
  } catch (error) {
    for (const close of closers) await close();
    throw error;
  }
}

/** The schedules as the alerts look at them: those that run, and those that are on and cannot. */
function schedulesSeen(
  held: readonly (readonly [string, ScheduleInForce])[],
): Pick<Surroundings, 'schedules' | 'brokenSchedules'> {
  return {
    schedules: new Map(held.flatMap(([id, one]) => (runsByItself(one) ? [[id, one.cron] as const] : []))),
    brokenSchedules: new Map(
      held.flatMap(([id, { enabled, fault }]) => (enabled && fault ? [[id, fault] as const] : [])),
    ),
  };
}

// The platforms' and the model's SDKs are 130 MB of memory together: only those that are set are brought.
async function createChannels(
  { dingtalk, feishu }: Config,
  parts: { now: () => Date; onError: Ports['onError']; pace: number },
): Promise<{ dingtalk: Channel | null; feishu: FeishuChannel | null }> {
  return {
    dingtalk: dingtalk && (await import('./channels/dingtalk/channel.ts')).createDingtalk(dingtalk, parts),
    feishu: feishu && (await import('./channels/feishu/channel.ts')).createFeishu(feishu, parts),
  };
}

async function createModel(...parts: ConstructorParameters<typeof Model>): Promise<Model> {
  const { Model } = await import('./assistant/model.ts');
  return new Model(...parts);
}
