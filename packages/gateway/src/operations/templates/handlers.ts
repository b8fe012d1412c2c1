import type { Handlers } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { applyTemplate, previewTemplate } from './apply.ts';
import { importTemplates } from './import.ts';
import {
  customizationOptions,
  exportTemplate,
  exportTemplates,
  getTemplate,
  listTemplates,
  systemTemplates,
  templateCategories,
} from './read.ts';
import { cloneTemplate, createTemplate, deleteTemplate, updateTemplate } from './write.ts';

/** What can be done with templates. */
export const templateHandlers = (parts: ManagementParts) =>
  ({
    'templates.list': listTemplates(parts),
    'templates.create': createTemplate(parts),
    'templates.system': systemTemplates(parts),
    'templates.categories': templateCategories(parts),
    'templates.exportAll': exportTemplates(parts),
    'templates.import': importTemplates(parts),
    'templates.get': getTemplate(parts),
    'templates.update': updateTemplate(parts),
    'templates.delete': deleteTemplate(parts),
    'templates.apply': applyTemplate(parts),
    'templates.preview': previewTemplate(parts),
    'templates.clone': cloneTemplate(parts),
    'templates.customizationOptions': customizationOptions(parts),
    'templates.export': exportTemplate(parts),
  }) satisfies Partial<Handlers>;
