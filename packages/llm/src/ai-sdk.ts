export {
  createPatchbay,
  type LanguageModelSettings,
  type PatchbayOptions,
  type PatchbayProvider,
} from './adapters/ai-sdk/create-patchbay.ts';
