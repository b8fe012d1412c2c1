import { defineCheck } from '../check.ts';

/** Decks whose pictures cannot be kept are made for nothing. */
export const settingsPictures = defineCheck({
  id: 'settings-pictures',
  title: 'Whether pictures can be kept where the settings say',
  codes: { 'settings-pictures-unkept': { severity: 'error', title: 'Pictures cannot be kept' } },
  symptoms: ['generation-images'],
  reach: 'network',
  needs: ['pictures'],
  run: async ({ pictures }) => {
    const why = await pictures.refusal();
    if (why === undefined) return [];
    return [
      {
        code: 'settings-pictures-unkept',
        subject: `setting ${pictures.setting}`,
        cause: `A picture could not be put there to try: ${why}`,
        remedy: REMEDIES[pictures.kind],
        evidence: { kind: pictures.kind, why },
      },
    ];
  },
});

const REMEDIES = {
  supabase:
    'Make the bucket of SUPABASE_STORAGE_BUCKET in the project, public, and check SUPABASE_URL and SUPABASE_SERVICE_KEY (the service key, not the anonymous one).',
  s3: 'Make the bucket of S3_BUCKET, check S3_ENDPOINT and S3_REGION, and let S3_ACCESS_KEY_ID put and delete objects in it.',
  local: 'Let the user who runs the gateway write there: `chown -R "$USER" "$STATIC_DIR"`, or name another STATIC_DIR.',
} as const;
