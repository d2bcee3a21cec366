import type { SandboxControl } from './assistant/tools/tool.ts';
import type { Config, KingdeeSettings, OpenSettings, QimenSettings } from './config.ts';
import { createJushuitanSource } from './connectors/jushuitan/source.ts';
import { streams } from './connectors/jushuitan/streams/index.ts';
import type { Stream } from './connectors/jushuitan/streams/stream.ts';
import { openAccount } from './connectors/kingdee/account.ts';
import type { Form } from './connectors/kingdee/forms/form.ts';
import { forms } from './connectors/kingdee/forms/index.ts';
import { createKingdeeTarget } from './connectors/kingdee/target.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { AdaptiveLimit } from './sync/adaptive-limit.ts';
import type { Pace, TokenStore } from './sync/connector.ts';
import { type CompiledMapping, compileMapping } from './sync/mapping.ts';
import type { ValueMaps } from './sync/maps.ts';
import type { PipelineParts } from './sync/parts.ts';
import { loadPipelines, type Pipeline, pipelineError } from './sync/pipeline.ts';

export interface CompiledPipeline {
  pipeline: Pipeline;
  mapping: CompiledMapping;
  stream: Stream;
  form: Form;
}

/** Every pipeline of the folder, compiled: what is wrong in a file is said before anything is opened. */
export function compilePipelines(folder: string, maps: ValueMaps): CompiledPipeline[] {
  return loadPipelines(folder).map((pipeline) => {
    const stream = named(pipeline, streams, ['source', 'api'], pipeline.source.api);
    const known = named(pipeline, forms, ['target', 'form'], pipeline.target.form);
    // What is booked without a price has whatever amount the target works out later: that is not compared.
    const form = pipeline.pricing === 'none' ? { ...known, amount: null } : known;
    return { pipeline, stream, form, mapping: compileMapping(pipeline, stream.catalogue, form, maps) };
  });
}

/** What a pipeline file names, among what there is. Codes: `pipeline.unknown_api`, `.unknown_form`. */
function named<Known>(
  pipeline: Pipeline,
  known: ReadonlyMap<string, Known>,
  path: readonly ['source' | 'target', 'api' | 'form'],
  name: string,
): Known {
  const found = known.get(name);
  if (found) return found;
  const params = { [path[1]]: name, allowed: [...known.keys()].join('、') };
  throw pipelineError(pipeline, `pipeline.unknown_${path[1]}`, path, params);
}

/**
 * The pipelines that may run with both of their systems: those of the settings, or the sandbox, where every pipeline may that its
 * routes reach. Code: `pipeline.no_route`.
 */
export function connectPipelines(
  config: Config,
  compiled: readonly CompiledPipeline[],
  parts: {
    sandbox: Sandbox | null;
    pace: Pace;
    tokens: TokenStore;
    now: () => Date;
    sleep: (ms: number) => Promise<void>;
    onError: (error: unknown, where: string) => void;
  },
): ReadonlyMap<string, PipelineParts> {
  const { sandbox, pace, tokens, now, sleep, onError } = parts;
  const erp = config.erp ?? sandboxSettings(sandbox as Sandbox, config);
  const isReached = ({ stream }: CompiledPipeline): boolean =>
    erp.jushuitan.some(({ route }) => stream[route] !== null);
  const enabled = config.erp ? compiled.filter(({ pipeline }) => pipeline.enabled) : compiled.filter(isReached);
  for (const one of enabled)
    if (!isReached(one))
      throw pipelineError(one.pipeline, 'pipeline.no_route', ['source', 'api'], { api: one.pipeline.source.api });
  const limit = limitOf(enabled.map(({ pipeline }) => pipeline.limits.target));
  const timeoutMs = Math.max(...enabled.map(({ pipeline }) => pipeline.limits.target.timeout));
  const account = openAccount(erp.kingdee, { timeoutMs, now, sleep, log: onError });
  return new Map(
    enabled.map(({ pipeline, mapping, stream, form }): [string, PipelineParts] => {
      const { source: limits } = pipeline.limits;
      const source = createJushuitanSource(erp.jushuitan, {
        stream,
        pace,
        tokens,
        now,
        sleep,
        limits: { perSecond: limits.per_second, perMinute: limits.per_minute },
      });
      const target = createKingdeeTarget(account, {
        form,
        options: pipeline.target.options,
        unit: pipeline.target.unit,
      });
      return [pipeline.id, { pipeline, mapping, source, target, limit }];
    }),
  );
}

/** One limit for the account that all of these write to, below the lowest of their ceilings. */
function limitOf(targets: readonly Pipeline['limits']['target'][]): AdaptiveLimit {
  const least = (values: readonly (number | undefined)[]): number | undefined => {
    const named = values.filter((value) => value !== undefined);
    return named.length > 0 ? Math.min(...named) : undefined;
  };
  return new AdaptiveLimit(least(targets.map(({ timeout }) => timeout)) ?? 0, {
    concurrency: least(targets.map(({ concurrency }) => concurrency)),
    batch: least(targets.map(({ batch }) => batch)),
  });
}

/** A material made by hand, over the sandbox's own door. */
export function sandboxControl({ kingdee }: Sandbox): SandboxControl {
  return {
    async createMaterial(code) {
      await fetch(`${kingdee.origin}/sandbox/materials`, { method: 'POST', body: JSON.stringify({ code }) });
    },
  };
}

/** The sandbox's own addresses and keys, spoken to in the manner the environment chose. */
function sandboxSettings({ jushuitan, kingdee }: Sandbox, { sandbox: manner }: Config): NonNullable<Config['erp']> {
  const { appKey, appSecret, customerId, accessToken, refreshToken, origin: baseUrl } = jushuitan;
  const qimen: QimenSettings = {
    route: 'qimen',
    baseUrl,
    appKey,
    appSecret,
    customerId,
    targetAppKey: '23060081',
    signMethod: manner.signMethod,
  };
  const open: OpenSettings = { route: 'open', baseUrl, appKey, appSecret, accessToken, refreshToken };
  const account: KingdeeSettings = {
    ...kingdee.account,
    baseUrl: kingdee.url,
    auth: manner.auth,
    lcid: 2052,
    orgNum: '100',
  };
  const routes = manner.route === 'both' ? [qimen, open] : manner.route === 'qimen' ? [qimen] : [open];
  return { jushuitan: routes, kingdee: account };
}
