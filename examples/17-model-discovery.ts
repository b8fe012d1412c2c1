/** Which models there are, what they can do and what they cost. */
import { loadCatalog, newProviderFactory, registerDefaultProviders } from '@patchbay/llm';

const factory = newProviderFactory();
registerDefaultProviders(factory);
const models = await factory.createProvider('simulator').getModels();
console.log(models.some(({ id }) => id === 'echo')); // → true

const catalog = await loadCatalog();
const found = catalog.findModel('openai', 'gpt-4o');
console.log(found?.model.contextTokens); // → 128000
