import { defineCheck } from '../check.ts';

/** A row that was changed and is not served makes people doubt their own change. */
export const registryBehind = defineCheck({
  id: 'registry-behind',
  title: 'Whether what is served is what is stored',
  codes: { 'registry-behind': { severity: 'error', title: 'Changed rows are not served' } },
  symptoms: ['providers-registry-behind', 'integration-registry', 'providers-updates'],
  reach: 'here',
  needs: ['registryWatch'],
  run: async ({ registryWatch }) => {
    const behind = await registryWatch.behind();
    if (behind === undefined) return [];
    const seconds = Math.round(behind.forMs / 1000);
    return [
      {
        code: 'registry-behind',
        subject: 'registry',
        cause: `Rows of ${behind.tables.join(', ')} were changed more than ${seconds} s ago and are not served yet; a second is usual. The store could not be read since, or its changes are not heard of.`,
        remedy:
          'curl -X POST -H "Authorization: Bearer $PATCHBAY_API_KEY" "$PATCHBAY_URL/api/admin/providers/refresh-registry"',
        evidence: { tables: behind.tables.join(', '), seconds },
      },
    ];
  },
  fixes: {
    'registry-behind': async ({ registryWatch }) => {
      await registryWatch.refresh();
      return 'Read the store again. There is nothing to undo.';
    },
  },
});
