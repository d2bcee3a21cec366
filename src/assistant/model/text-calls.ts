import { asText, parsed } from './tool-call.ts';

/** A call that was written as text, because the server does not know its model's own format. */
export interface TextCall {
  name: string;
  arguments: string;
}

interface Format {
  /** The whole of it, also where its end is missing. */
  block: RegExp;
  calls: (inner: string, isTool: (name: string) => boolean) => TextCall[];
}

/** `｜DSML｜` before a tag's name, with as many bars and blanks as the model likes, and other prefixes of the kind. */
const prefix = '(?:[｜|]+\\s*DSML\\s*[｜|]+\\s*|\\w{1,20}:)?';
const quote = '["\'“”]';
const tag = (name: string): string => `<${prefix}${name}`;
const end = (name: string): string => `<\\/${prefix}${name}\\s*>`;

const formats: Format[] = [
  // `<invoke name="x"><parameter name="k">v</parameter></invoke>`, with or without something around it.
  {
    block: new RegExp(
      `(?:${tag('(?:\\w*calls?)')}\\s*>?\\s*)?${tag('invoke')}\\s+name[\\s\\S]*?(?:${end('\\w*calls?')}|$)`,
      'gi',
    ),
    calls: (inner) =>
      blocksOf(inner, new RegExp(`${tag('invoke')}\\s+name\\s*=\\s*${quote}([^"'“”>]+)${quote}[^>]*>`, 'gi')).map(
        ([name, body]) => ({
          name,
          arguments: JSON.stringify(
            pairsOf(
              body,
              new RegExp(
                `${tag('parameter')}\\s+name\\s*=\\s*${quote}([^"'“”>]+)${quote}[^>]*>([\\s\\S]*?)(?:${end('parameter')}|$)`,
                'gi',
              ),
            ),
          ),
        }),
      ),
  },
  // `<tool_call>…</tool_call>` around JSON, `<function=x>` or `x<arg_key>k</arg_key><arg_value>v</arg_value>`.
  {
    block: /<(tool_call|function_call|toolcall)s?>[\s\S]*?(?:<\/\1s?>|$)/gi,
    calls: (inner, isTool) => {
      const body = inner.replace(/<\/?(?:tool_call|function_call|toolcall)s?>/gi, '').trim();
      if (/<function=/.test(body)) return functionsIn(body);
      const name = /^[\w-]+/.exec(body)?.[0] ?? '';
      if (!isTool(name) && !body.includes('<arg_key>')) return inJson(body);
      const keyed = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)(?:<\/arg_value>|$)/g;
      return [{ name, arguments: JSON.stringify(pairsOf(body, keyed)) }];
    },
  },
  { block: /<function=[\w-]+>[\s\S]*?(?:<\/function>|$)/gi, calls: functionsIn },
  // `<｜tool▁call▁begin｜>function<｜tool▁sep｜>x` and JSON, fenced or bare.
  {
    block:
      /<｜tool▁calls▁begin｜>[\s\S]*?(?:<｜tool▁calls▁end｜>|$)|<｜tool▁call▁begin｜>[\s\S]*?(?:<｜tool▁call▁end｜>|$)/g,
    calls: (inner) =>
      blocksOf(inner, /(?:function)?<｜tool▁sep｜>([\w-]+)|<｜tool▁call▁begin｜>([\w-]+)(?=<｜tool▁sep｜>\s*[{])/g).map(
        ([name, body]) => ({ name, arguments: firstObject(body) }),
      ),
  },
  // `<|tool_call_begin|>functions.x:0<|tool_call_argument_begin|>{…}`
  {
    block: /<\|tool_calls?(?:_section)?_begin\|>[\s\S]*?(?:<\|tool_calls_section_end\|>|$)/g,
    calls: (inner) =>
      blocksOf(inner, /<\|tool_call_begin\|>\s*(?:functions\.)?([\w-]+)[^<]*<\|tool_call_argument_begin\|>/g).map(
        ([name, body]) => ({ name, arguments: firstObject(body) }),
      ),
  },
  // `<|channel|>commentary to=functions.x …<|message|>{…}<|call|>`
  {
    block: /<\|channel\|>commentary to=[\s\S]*?(?:<\|call\|>|$)/g,
    calls: (inner) =>
      blocksOf(inner, /to=(?:functions\.)?([\w-]+)[\s\S]*?<\|message\|>/g).map(([name, body]) => ({
        name,
        arguments: firstObject(body),
      })),
  },
  // `[TOOL_CALLS][{…}]`, `[TOOL_CALLS]x[ARGS]{…}`, `<|python_tag|>{…}`
  {
    block: /(?:\[TOOL_CALLS\]|<\|python_tag\|>)[\s\S]*$/g,
    calls: (inner) => {
      const body = inner.replace(/^(?:\[TOOL_CALLS\]|<\|python_tag\|>)/, '');
      const [, name = '', args = ''] = /^\s*([\w-]+)\s*(?:\[ARGS\])?\s*(\{[\s\S]*)$/.exec(body) ?? [];
      return name ? [{ name, arguments: firstObject(args) }] : inJson(body);
    },
  },
];

/** The calls in a model's words, and the words without them. */
export function withoutCalls(text: string, isTool: (name: string) => boolean): { text: string; calls: TextCall[] } {
  const calls: TextCall[] = [];
  let rest = text;
  for (const format of formats)
    rest = rest.replace(format.block, (block: string) => {
      calls.push(...format.calls(block, isTool));
      return '';
    });
  // Nothing but JSON that names one of our tools.
  if (calls.length === 0 && /^\s*(?:```\w*\s*)?[[{]/.test(rest)) {
    const bare = inJson(rest.replace(/```\w*/g, '')).filter(({ name }) => isTool(name));
    if (bare.length > 0) return { text: '', calls: bare };
  }
  return { text: rest, calls };
}

/** What may still become the beginning of a call or of reasoning is not shown while it is written. */
export function untilMark(text: string): string {
  if (/^\s*(?:```|\{|\[\s*(?:\{|$))/.test(text)) return '';
  return text.replace(/[<◁][\s\S]*$|\[[A-Z_/]{0,12}$/, '');
}

/** The first group of each mark, with the text from there to the next mark. */
function blocksOf(text: string, mark: RegExp): [name: string, body: string][] {
  const marks = [...text.matchAll(mark)];
  return marks.map((found, place) => [
    (found[1] ?? found[2] ?? '').trim(),
    text.slice(found.index + found[0].length, marks[place + 1]?.index),
  ]);
}

const pairsOf = (text: string, pair: RegExp): Record<string, string> =>
  Object.fromEntries([...text.matchAll(pair)].map(([, key = '', value = '']) => [key.trim(), value.trim()]));

function functionsIn(text: string): TextCall[] {
  return blocksOf(text, /<function=([\w-]+)>/g).map(([name, body]) => {
    const pairs = pairsOf(body, /<parameter=([\w-]+)>([\s\S]*?)(?:<\/parameter>|$)/g);
    return { name, arguments: Object.keys(pairs).length > 0 ? JSON.stringify(pairs) : firstObject(body) };
  });
}

/** `{"name": …, "arguments": …}`: one, several in a row, or a list. */
function inJson(text: string): TextCall[] {
  const whole = parsed(text.trim());
  const found = whole === undefined ? objectsIn(text) : [whole].flat();
  return found.flatMap((one) => {
    const { name, arguments: args, parameters } = (one ?? {}) as Record<string, unknown>;
    return typeof name === 'string' ? [{ name, arguments: asText(args ?? parameters) || '{}' }] : [];
  });
}

const firstObject = (text: string): string => {
  const [first] = objectsIn(text);
  return first === undefined ? text.replace(/```\w*|<[^>]*>/g, '').trim() : JSON.stringify(first);
};

/** The objects that stand in a text one after another, found by their braces. */
function objectsIn(text: string): unknown[] {
  const objects: unknown[] = [];
  let depth = 0;
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"' && depth > 0) quoted = true;
    else if (character === '{') {
      if (depth === 0) from = at;
      depth += 1;
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      const object = depth === 0 ? parsed(text.slice(from, at + 1)) : undefined;
      if (object !== undefined) objects.push(object);
    }
  }
  return objects;
}
