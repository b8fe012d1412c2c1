/** Where one attempt goes: a provider and the model name it knows. */
export interface Target {
  readonly providerId: string;
  /** The provider's own name for the model. */
  readonly model: string;
}
