import { defineCheck } from '../check.ts';

/** Templates that everybody finds here, unless somebody took them out of the store by hand. */
export const templatesPresent = defineCheck({
  id: 'templates-present',
  title: 'Whether built-in templates are there',
  codes: { 'template-missing': { severity: 'warning', title: 'A built-in template is missing' } },
  symptoms: ['providers-template-missing', 'providers-template-fails'],
  reach: 'here',
  needs: ['builtIns'],
  run: async ({ builtIns }) =>
    (await builtIns.missing()).map((id) => ({
      code: 'template-missing',
      subject: `template ${id}`,
      cause: `The built-in template ${id} is not in the store.`,
      remedy: 'Bring it back: `patchbay doctor --fix`.',
      evidence: { template: id },
    })),
  fixes: {
    'template-missing': async ({ builtIns }) => {
      await builtIns.restore();
      return 'Wrote the missing built-in templates. Undo: delete them in the store.';
    },
  },
});
