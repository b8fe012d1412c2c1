import type { Handlers } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { bulkModels } from './bulk.ts';
import { createModel } from './create.ts';
import { deleteModel } from './delete.ts';
import { getModel } from './get.ts';
import { importModels } from './import.ts';
import { listModels, modelsOfProvider } from './list.ts';
import { modelStats, tryModel, validateCapabilities } from './try-model.ts';
import { setDefaultModel, setModelStatus, updateModel } from './update.ts';

/** What can be done with models. */
export const modelHandlers = (parts: ManagementParts) =>
  ({
    'models.ofProvider': modelsOfProvider(parts),
    'models.create': createModel(parts),
    'models.import': importModels(parts),
    'models.list': listModels(parts),
    'models.bulk': bulkModels(parts),
    'models.get': getModel(parts),
    'models.update': updateModel(parts),
    'models.delete': deleteModel(parts),
    'models.test': tryModel(parts),
    'models.validateCapabilities': validateCapabilities(parts),
    'models.setStatus': setModelStatus(parts),
    'models.setDefault': setDefaultModel(parts),
    'models.stats': modelStats(parts),
  }) satisfies Partial<Handlers>;
