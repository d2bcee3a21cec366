const names = '(?:seed:)?(?:think|thinking|thought|reasoning)';
/** Reasoning as text, begun and ended, or begun and never ended. */
const blocks = [
  new RegExp(`<(${names})\\b[^>]{0,40}>[\\s\\S]*?(?:<\\/\\1\\s*>|$)`, 'gi'),
  /◁think▷[\s\S]*?(?:◁\/think▷|$)/g,
  /\[THINK\][\s\S]*?(?:\[\/THINK\]|$)/g,
  /<\|begin_of_thought\|>[\s\S]*?(?:<\|end_of_thought\|>|$)/g,
  /<\|channel\|>analysis[\s\S]*?(?:<\|end\|>|(?=<\|start\|>)|$)/g,
];
/** An end without a beginning: the server's template began it, so all before it is reasoning. */
const ends = new RegExp(`<\\/${names}\\s*>|◁\\/think▷|\\[\\/THINK\\]|<\\|end_of_thought\\|>`, 'gi');
/** What stands around the answer itself in formats of several channels. */
const frame = /<\|start\|>assistant|<\|channel\|>(?:final|commentary(?! to=))[^<]*<\|message\|>|<\|(?:return|end)\|>/g;

const withoutBlocks = (text: string): string => blocks.reduce((rest, block) => rest.replace(block, ''), text);

/** A model's words without its thoughts. */
export function withoutReasoning(text: string): string {
  const said = withoutBlocks(text);
  const last = [...said.matchAll(ends)].at(-1);
  return (last ? said.slice(last.index + last[0].length) : said).replace(frame, '');
}

/** Whether reasoning ends that had not begun. What a model of this habit says first is not known to be an answer until then. */
export function endsUnbegun(text: string): boolean {
  return withoutBlocks(text).search(ends) >= 0;
}
