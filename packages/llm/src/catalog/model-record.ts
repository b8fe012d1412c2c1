/** A kind of content a model reads or writes. */
export type Modality = 'text' | 'image' | 'audio' | 'video' | 'pdf';

/** What a model can do. An absent member means that nobody says, which is not the same as `false`. */
export interface Capabilities {
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  /** Answers that are guaranteed to follow a JSON schema. */
  readonly structuredOutput?: boolean;
  /** Whether `temperature` may be set. */
  readonly temperature?: boolean;
  readonly vision?: boolean;
  readonly pdf?: boolean;
  readonly audio?: boolean;
  /** Whether repeated prompts are cheaper. Never `false`: the sources only say where they are. */
  readonly caching?: boolean;
}

/** How a caller may steer a model's thinking. */
export interface ThinkingControls {
  /** Accepted efforts, from least to most where the source keeps that order. */
  readonly efforts?: readonly string[];
  /** Present when a budget in tokens is accepted; its bounds where they are known. */
  readonly budgetTokens?: { readonly min?: number; readonly max?: number };
  /** Whether thinking can be switched on and off. */
  readonly canBeSwitched: boolean;
}

/** One model as one provider serves it. Absent members are unknown. */
export interface ModelRecord {
  readonly provider: string;
  /** The name to send to the provider. */
  readonly id: string;
  /** The name for people. */
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly releasedOn?: string;
  readonly status?: 'alpha' | 'beta' | 'deprecated';
  /** Prompt and answer together, in tokens. */
  readonly contextTokens?: number;
  /** Longest prompt, where that is less than the context. */
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  readonly input?: readonly Modality[];
  readonly output?: readonly Modality[];
  readonly capabilities: Capabilities;
  readonly thinking?: ThinkingControls;
}
