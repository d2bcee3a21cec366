import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { AppError } from '../../errors.ts';
import { phrase } from '../../phrases.ts';
import { ModelClient } from './client.ts';
import { type ModelSettings, modelLimits } from './limits.ts';

const tool = (): ChatCompletionTool => ({
  type: 'function',
  function: {
    name: 'list-failures',
    description: phrase('tools.list-failures'),
    parameters: { type: 'object', properties: {} },
  },
});

/** Asks a model for one call of one tool, for the doctor. Codes: `model.*`. */
export async function checkModel(settings: ModelSettings, timeMs = modelLimits.timeMs): Promise<void> {
  const client = new ModelClient(settings, () => undefined);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeMs);
  try {
    const said = await client.ask(
      {
        messages: [{ role: 'user', content: phrase('model.probe') }],
        tools: [tool()],
        answerTokens: modelLimits.answerTokens,
      },
      { signal: abort.signal, timeMs },
    );
    if (client.toolless) throw client.toolless;
    if (said.calls.length === 0)
      throw new AppError('model.not_called', 'config', { params: { model: settings.model } });
  } finally {
    clearTimeout(timer);
  }
}
