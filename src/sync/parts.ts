import { AppError } from '../errors.ts';
import type { AdaptiveLimit } from './adaptive-limit.ts';
import type { Source, Target } from './connector.ts';
import type { CompiledMapping } from './mapping.ts';
import type { Pipeline } from './pipeline.ts';

/** A pipeline with its mapping and both of its systems. */
export interface PipelineParts {
  pipeline: Pipeline;
  mapping: CompiledMapping;
  source: Source;
  target: Target;
  /** Shared by all pipelines that write to the same account. */
  limit: AdaptiveLimit;
}

/** The parts of the pipeline of this id. Code: `sync.unknown_pipeline`. */
export function partsOf(pipelines: ReadonlyMap<string, PipelineParts>, id: string): PipelineParts {
  const parts = pipelines.get(id);
  if (parts) return parts;
  throw new AppError('sync.unknown_pipeline', 'data', { params: { id, known: [...pipelines.keys()].join('、') } });
}
