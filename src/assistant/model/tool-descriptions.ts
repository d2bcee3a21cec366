import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { hasPhrase, phrase } from '../../phrases.ts';
import type { Tool } from '../tools/tool.ts';

/** The part of JSON schema that every server takes. */
export interface Shape {
  type?: string;
  description?: string;
  enum?: unknown[];
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
  maxItems?: number;
}

/** The tools that a model may call: those with a sentence. Whether it may write is the gate's to say, and a person's. */
export function offered(tools: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool> {
  return new Map([...tools].filter(([name]) => hasPhrase(`tools.${name}`)));
}

/** A tool for a model. Times are phrases (`when`) that our own calendar reads. */
export function described(tool: Tool, mostItems: number): ChatCompletionTool {
  const { name } = tool;
  return {
    type: 'function',
    function: { name, description: phrase(`tools.${name}`), parameters: { ...shapeOf(tool, mostItems) } },
  };
}

/** What a tool takes from a model. */
export function shapeOf({ parameters }: Tool, mostItems: number): Shape {
  const { properties = {}, required = [] } = z.toJSONSchema(parameters, { io: 'input' }) as Shape;
  const { start, end, ...others } = properties;
  const shapes = Object.entries(others).map(([name, shape]): [string, Shape] => {
    const label = `tools.argument.${name}`;
    return [name, { ...plain(shape, mostItems), ...(hasPhrase(label) ? { description: phrase(label) } : {}) }];
  });
  if (start && end) shapes.push(['when', { type: 'string', description: phrase('model.when') }]);
  return {
    type: 'object',
    properties: Object.fromEntries(shapes),
    ...(required.length > 0 ? { required: [...required] } : {}),
  };
}

/** Patterns, formats and lengths are refused by some servers; our own check has them all. */
function plain({ type, enum: values, items }: Shape, mostItems: number): Shape {
  return {
    ...(type ? { type } : {}),
    ...(values ? { enum: values } : {}),
    ...(items ? { items: plain(items, mostItems), maxItems: mostItems } : {}),
  };
}
