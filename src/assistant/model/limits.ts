export interface ModelSettings {
  apiKey: string;
  baseUrl?: string;
  model: string;
}

export interface ModelLimits {
  /** Of one answer with all its rounds, ms. */
  timeMs: number;
  rounds: number;
  callsPerRound: number;
  answerTokens: number;
  /** Tokens a day (Asia/Shanghai). */
  personTokens: number;
  groupTokens: number;
  /** Of one argument: members of a list, characters of a text. */
  items: number;
  textLength: number;
  /** How long a time may be that a model names: to look up, to propose a write of, to try a write without writing. */
  readDays: number;
  writeDays: number;
  previewDays: number;
}

export const modelLimits: ModelLimits = {
  timeMs: 30_000,
  rounds: 4,
  callsPerRound: 4,
  answerTokens: 800,
  personTokens: 200_000,
  groupTokens: 1_000_000,
  items: 50,
  textLength: 200,
  readDays: 366,
  writeDays: 92,
  previewDays: 7,
};
