import { createInterface } from 'node:readline/promises';
import { readConfig } from '../config.ts';
import { phrase } from '../phrases.ts';
import { openDesk, type Said, untilEnded, untilReconciled } from './desk.ts';
import { options, ports, print } from './ports.ts';

/** `chat [--once "…"] [--json] [--yes]`: 小青 in the terminal. `chat --login [--as 名字]`: a link onto the page. */
export async function chat(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { once, json, yes, login, as } = options(args, {
    once: 'string',
    json: 'boolean',
    yes: 'boolean',
    login: 'boolean',
    as: 'string',
  });
  const desk = await openDesk(readConfig(env));
  const ask = async (text: string): Promise<Said> => {
    const first = await desk.say(text);
    const said =
      yes === true && first.decision.action === 'confirm'
        ? { ...(await desk.say(phrase('cards.say.confirm'))), decision: first.decision }
        : first;
    if (typeof said.reconciliation === 'string') {
      const { report, reply, figures } = await untilReconciled(desk, said.reconciliation);
      return { ...said, reply, reconciliation: report, figures };
    }
    return said.run ? { ...said, run: await untilEnded(desk, said.run) } : said;
  };
  try {
    if (login === true) {
      print((await desk.login(as)).reply.text);
      return 0;
    }
    if (once !== undefined) {
      const said = await ask(once);
      print(json ? JSON.stringify(said) : inWords(said));
      return 0;
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr, prompt: phrase('cli.prompt') });
    terminal.prompt();
    for await (const line of terminal) {
      if (line.trim())
        await ask(line).then(
          (said) => print(inWords(said)),
          (error: unknown) => ports.onError(error, 'chat'),
        );
      terminal.prompt();
    }
    return 0;
  } finally {
    await desk.close();
  }
}

function inWords({ reply, run }: Said): string {
  return run
    ? `${reply.text}\n${phrase('cli.sync_done', { state: phrase(`replies.state.${run.state}`), ...run.counts })}`
    : reply.text;
}
